"""Local sign-in: passwords, sessions, tokens and one-time codes.

None of this is an event: it is working data that expires and is swept away. People, their names and
roles are events elsewhere; these tables know person ids only. Functions take a Connection inside
the caller's transaction and a Clock; hashing of passwords happens outside any transaction.
"""

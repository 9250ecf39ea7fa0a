"""The outbox: notices to people, and their way out of the house by mail.

Neither events nor read models: a rebuild or replay neither fills nor empties it. `notices` holds
what people are told, once each; `deliveries` what was sent of it; `senders` and `govuk_notify` are
the ways out.
"""

"""The ledger: proof, for people who do not trust us, that nothing on record was changed.

``merkle``, ``entry`` and ``note`` are the mathematics and the forms; ``keys`` signs; ``tree`` keeps
the tree's inner nodes beside the log, ``sealing`` makes it follow the log, ``checkpoints`` signs
its roots, ``publishing`` carries them out of the house, ``following`` does all three by itself,
and ``verify`` checks the log against the tree and against every checkpoint. Bundled as `Ledger`.
"""

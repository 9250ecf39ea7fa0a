"""Evidence packs: records with their proof, to be read and checked by people who have only these.

``scope`` finds what a pack is of, ``contents`` its events and proofs, ``readable`` its pages and
lists, ``making`` puts them together; ``outside`` holds the verifiers that go into every pack.
"""

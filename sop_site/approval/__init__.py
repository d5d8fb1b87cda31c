"""What makes a page public: the approval protocol as values and judgements, without any input or output.

digests, sshsig (with public_keys, security_keys, webauthn), policy, trust, message, entry and commit are the
forms (bytes to values and back); passkeys turns what a browser answers into two of them;
store and tree_reading read objects by id, folders say what a tree comes to, tree_policy and tree_changes
judge and compare them; authority, governance, ledger, barring and approving judge one thing each;
``chain.judge`` puts them together and is the only verdict. remembered and
kept_tree say what a run may leave for the next; ``continuing.judge`` goes on from it. policy_history
and allowed_signers tell others what was judged by, once it was.
"""

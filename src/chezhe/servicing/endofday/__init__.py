"""The close of a day for any number of loans (EndOfDay): only loans on which the calendar does something are touched.

`reading` locks and loads a shard's loans as arrays, `working` computes (`finmath.daily_kernels`, the same rule that a single
loan online follows), `writing` puts them back set by set, `single` takes the rare loans whose day needs the whole fold,
and `runs` begins, marks, pauses and finishes. docs/end-of-day.md tells the story with a worked journal.
"""

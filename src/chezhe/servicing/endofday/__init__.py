"""The close of a day for any number of loans (EndOfDay): only loans on which the calendar does something are touched.

`reading` loads a shard's loans as arrays, `working` computes (by the rules of `finmath.daily_kernels`, which a single loan online asks
too), `writing` puts them back set by set, `single` takes the rare loans whose day needs the whole fold,
and `runs` begins, marks, pauses and finishes. docs/end-of-day.md tells the story with a worked journal.
"""

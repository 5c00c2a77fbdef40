"""What was read of an application's papers beside what is on file: agreed, to be taken over, or a conflict that somebody judges."""

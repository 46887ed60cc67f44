"""`disparity ...`: the commands, each a module that is loaded when it is asked for.

In: the command line. Out: what a command says, and its exit code. Touches: the terminal; the rest through the rooms
above.
"""

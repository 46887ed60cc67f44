"""Downloads from data.police.uk, Nomis and the Home Office: checked, kept for good, and put down in a lock file.

The one stage that uses the network; a build never does.
"""

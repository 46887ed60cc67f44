"""`disparity ...`: a command is run, and ends as its exit code says."""

import sys

import click

from disparity.cli.commands import commands
from disparity.cli.terminal import say, write_anything
from disparity.vocabulary.errors import DisparityError, RequestError
from disparity.vocabulary.helper_process import leave_out_unused


def main() -> None:
    """Run a command; a user's error ends with its own exit code and no traceback."""
    write_anything()
    leave_out_unused()
    try:
        exit_code = commands.main(standalone_mode=False)
    except DisparityError as error:
        say(str(error))
        exit_code = error.exit_code
    except click.ClickException as error:
        error.show()
        exit_code = RequestError.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("stopped")
        exit_code = 130
    except MemoryError:
        say(
            str(RequestError("there is not enough memory", what_now="give it more, or ask for fewer forces and months"))
        )
        exit_code = RequestError.exit_code
    except OSError as error:
        what_now = "see that it is there, who may use it, and that there is room"
        failed = error.strerror or "a file cannot be used"
        say(str(RequestError(failed, where=str(error.filename or ""), what_now=what_now)))
        exit_code = RequestError.exit_code
    sys.exit(exit_code if isinstance(exit_code, int) else 0)

"""Commands whose work is loaded once it is asked for."""

import importlib
from typing import Any

import click

from disparity.records.judge_process import start_judge
from disparity.vocabulary.address_space import TO_READ, check_address_space


class Deferred(click.Command):
    """A command that is done by the module named as its function is here."""

    def invoke(self, ctx: click.Context) -> Any:
        """Load the module, and hand it what was asked."""
        check_address_space(TO_READ)
        declared: Any = self.callback
        return importlib.import_module(f"disparity.cli.{declared.__name__}").run(**ctx.params)


class Checking(Deferred):
    """One that checks submissions: what judges them takes longest to load, and is started first."""

    def invoke(self, ctx: click.Context) -> Any:
        """Start the judge, and do the rest meanwhile."""
        check_address_space(TO_READ)
        start_judge()
        return super().invoke(ctx)

"""One verdict for each record, whatever the number of its reviewers."""

import polars as pl

from disparity.project.personal_columns import RECORD_ID
from disparity.records.grounds_review.sampling.folder import Drawn
from disparity.vocabulary.errors import DataError

YES, NO, UNSETTLED = "yes", "no", "unsettled"


def settle(answers: pl.DataFrame, drawn: Drawn) -> pl.DataFrame:
    """Settle each record by the answers of more than half of its reviewers.

    Reasonable takes more than half of them: where reviewers are split, the record has not shown its grounds to a
    reader, which is what they are recorded for. What neither a yes nor a no has more than half for is unsettled.

    Returns:
        stratum, ethnic_group, search_type, verdict (yes, no, unsettled), is_yes_by_any, is_yes_by_all, reasons (list of
        codes that a reviewer gave, each once), and for agreement answers (list, in the order of reviewers); a row for
        every record with an answer, by record number.

    Raises:
        DataError: a stratum has no answered record, so that nothing can be said of it.
    """
    yes, no = (pl.col("reasonable") == YES).sum(), (pl.col("reasonable") == NO).sum()
    chain = pl.when(2 * yes > pl.len()).then(pl.lit(YES)).when(2 * no > pl.len()).then(pl.lit(NO))
    verdict = chain.otherwise(pl.lit(UNSETTLED))
    of_record = answers.sort(RECORD_ID, "reviewer").group_by(RECORD_ID, maintain_order=True)
    verdicts = of_record.agg(
        verdict.alias("verdict"),
        (yes > 0).alias("is_yes_by_any"),
        (yes == pl.len()).alias("is_yes_by_all"),
        pl.col("weak_reason").drop_nulls().unique().sort().alias("reasons"),
        pl.col("reasonable").alias("answers"),
    )
    settled = drawn.rows.select(RECORD_ID, "stratum", "ethnic_group", "search_type").join(verdicts, on=RECORD_ID)
    unanswered = [each.stratum for each in drawn.design.strata if each.drawn and each.stratum not in settled["stratum"]]
    if unanswered:
        raise DataError(
            f"{len(unanswered)} {'stratum has' if len(unanswered) == 1 else 'strata have'} no answered record",
            where="the forms",
            found=f"stratum {', '.join(map(str, unanswered))} of sample.toml",
            what_now="answer some of each stratum: of one that nobody has read nothing can be said",
        )
    return settled.sort(RECORD_ID).drop(RECORD_ID)

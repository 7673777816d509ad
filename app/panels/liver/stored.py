"""Where an organ's plan, as the case holds it, tells other numbers than the panel measures of the same plan now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.i18n import mark, tr
from app.panels.liver.cut_numbers import cut_numbers
from app.panels.quantities import plain
from app.panels.standing import READ_ONLY, TAKE, Difference, StandingWords, standing_words
from planning.case.standing import standing_of
from planning.liver.compare import least_margin

if TYPE_CHECKING:
    from app.panels.liver.work import LiverWork

MARGIN = mark("Margin")


def stored_words(work: LiverWork) -> StandingWords | None:
    """What to say of the open plan; None while it is being changed, and where it stands."""
    if work.saved is None or not work.is_saved or work.is_dragging or work.is_waiting:
        return None
    return standing_words(
        standing_of(work.session.case, work.saved), differences(work), link=TAKE, blocked=_blocked(work)
    )


def _blocked(work: LiverWork) -> str:
    if work.session.document.read_only:
        return READ_ONLY
    if work.problem is not None:
        return work.problem.what
    return "" if work.can_commit else tr("Preparing the {kind}", kind=work.kind)


def differences(work: LiverWork) -> tuple[Difference, ...]:
    """The numbers whose figures differ; none while there are no numbers of now."""
    if work.saved is None or work.model is None or work.numbers is None:
        return ()
    return tuple(
        Difference(tr(name), stored, now, unit)
        for name, before, value, unit in _pairs(work, work.saved.results)
        if (stored := plain(before, unit)) != (now := plain(value, unit))
    )


def _pairs(work: LiverWork, results: Mapping[str, Any]) -> Iterator[tuple[str, float | None, float | None, str]]:
    """Name, stored value, value of now, unit, those first that decide."""
    model, numbers = work.model, work.numbers
    assert model is not None
    assert numbers is not None
    cut = cut_numbers(model, numbers)
    perfusion = results.get("perfusion") or {}
    gone = [m for m, part in zip(numbers.margins, numbers.removed_share, strict=True) if m is not None and part > 0.0]
    now_mm = min((margin.minimum_mm for margin in gone), default=None)
    yield MARGIN, least_margin(results["margin"])[0], now_mm, "mm"
    if "flr_percent" in results:
        yield mark("Viable remnant"), results.get("viable_flr_percent"), cut.viable_percent, "%"
        yield mark("Future liver remnant"), results["flr_percent"], cut.flr_percent, "%"
        yield mark("Congested"), perfusion.get("congested_ml"), cut.congested_ml, "ml"
        yield mark("Without inflow"), perfusion.get("devascularised_ml"), cut.without_inflow_ml, "ml"
    yield mark("Removed"), results["removed_ml"], cut.removed_ml, "ml"
    yield mark("Kept"), results["kept_ml"], cut.kept_ml, "ml"
    yield mark("Tumour kept"), results["kept_tumor_ml"], cut.kept_tumor_ml, "ml"
    for stored, tumor in zip(results.get("tumors") or (), model.tumors, strict=False):
        if "volume_ml" in stored:
            yield f"T{tumor.id}", stored["volume_ml"], tumor.volume_ml, "ml"

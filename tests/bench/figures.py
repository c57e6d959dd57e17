"""What was measured, and how it is printed: every line beside the bare route of the same run."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Volley:
    """How a lot of requests went. `took` are seconds of those acknowledged, `acknowledged` their numbers; `refused` a
    few of the answers that were not expected.
    """

    seconds: float
    took: list[float]
    acknowledged: list[int]
    sent: int
    refused: list[str]

    @property
    def errors(self) -> int:
        """How many were not answered as they should be."""
        return self.sent - len(self.acknowledged)

    @property
    def per_second(self) -> float:
        """Acknowledged requests per second of the whole volley."""
        return len(self.acknowledged) / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One kind of request: at the fixed rate, and as fast as it goes. `cpu` is seconds of the serving process for each
    request at the fixed rate; None where the machine does not tell.
    """

    name: str
    steady: Volley
    flat_out: Volley
    cpu: float | None


HEAD = (
    f"  {'':<30}{'offered':>8}{'done/s':>8}{'errors':>7}{'p50 ms':>9}{'p99 ms':>9}{'x p50':>7}{'x p99':>7}"
    f"{'CPU ms':>8}{'x CPU':>7}{'most/s':>8}{'of bare':>8}"
)


def line(measured: Measured, bare: Measured, *, rate: float) -> str:
    """One row of the table."""
    p50, p99 = percentiles(measured.steady.took)
    bare50, bare99 = percentiles(bare.steady.took)
    errors = measured.steady.errors + measured.flat_out.errors
    cpu, ratio = "-", "-"
    if measured.cpu is not None and bare.cpu:
        cpu, ratio = f"{measured.cpu * 1000:.2f}", f"{measured.cpu / bare.cpu:.1f}"
    most = measured.flat_out.per_second
    return (
        f"  {measured.name:<30}{rate:>8.0f}{measured.steady.per_second:>8.1f}{errors:>7}{p50 * 1000:>9.2f}"
        f"{p99 * 1000:>9.2f}{p50 / bare50:>7.1f}{p99 / bare99:>7.1f}{cpu:>8}{ratio:>7}{most:>8.0f}"
        f"{most / bare.flat_out.per_second:>8.2f}"
    )


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median, and what one in a hundred exceeds; not numbers where nothing was measured."""
    if len(seconds) < 2:
        return (seconds[0], seconds[0]) if seconds else (float("nan"), float("nan"))
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[98]


def verdict(held: bool) -> str:
    """How a figure stands beside its aim."""
    return "held" if held else "MISSED"

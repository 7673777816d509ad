"""Portal and hepatic veins that touch, or that lie in one label, told apart.

The joined graph is cut where vessels do not go on into one another (a minimum cut between the two roots; Boykov and
Kolmogorov, IEEE Trans PAMI 2004;26:1124). A way through a fork holds by its straightness, its thickness and how well
Murray's law is kept; a way along a branch by its neck and by how little both its ends belong to what they touch.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, Vector
from planning.liver.graph import Chain, IntArray, VesselGraph, chains_of, without_spurs

BoolArray = npt.NDArray[np.bool_]

PORTAL, HEPATIC = 0, 1
MURRAY_EXPONENT = 2.7
TANGENT_MM = 6.0
LOOK_HERE = 0.2
"""Branches of less confidence than this are worth a look."""
LEAST_HOLD = 0.02
BENT_COSINE = 0.1
MURRAY_WEIGHT = 0.5
NECK_POWER = 2.0
BRIDGE_POWER = 2.0
FLOW_UNIT = 2000.0
MOST_FLOW = 2**30


@dataclass(frozen=True, slots=True, eq=False)
class Bridge:
    """A place where the two trees touch. at_mm: its neck. length_mm: 0 where they cross in one point."""

    at_mm: Vector
    length_mm: float
    radius_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class SplitPart:
    """One of the two trees. graph: without spurs that the cut left. confidence: (N,) 0…1 of each point."""

    graph: VesselGraph
    confidence: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Two trees out of one graph, and where they touched."""

    portal: SplitPart
    hepatic: SplitPart
    bridges: tuple[Bridge, ...]
    loose: VesselGraph | None


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """A branch as the cut sees it: two halves that meet at its neck.

    nodes: number of the fork at each end. directions: (2, 3) unit vectors into the branch at each end. radii: about
    each end. neck: place in `chain.points`; radius there.
    """

    chain: Chain
    nodes: tuple[int, int]
    directions: FloatArray
    radii: tuple[float, float]
    neck: int
    neck_mm: float
    length_mm: float


def split_trees(graph: VesselGraph, portal_roots: Sequence[int], hepatic_roots: Sequence[int]) -> Split:
    """The graph parted between the portal and the hepatic roots.

    portal_roots, hepatic_roots: point numbers, at least one each. Pieces that hold no root are loose.
    """
    _, piece = graph.pieces()
    reached = np.isin(piece, piece[np.array([*portal_roots, *hepatic_roots], dtype=np.int64)])
    if not reached.all():
        number = np.cumsum(reached) - 1
        split = split_trees(
            graph.part(reached),
            [int(number[point]) for point in portal_roots],
            [int(number[point]) for point in hepatic_roots],
        )
        return replace(split, loose=graph.part(~reached))
    ways, group = _ways(graph)
    links, weakness, best_hold = _links(ways)
    inner = _inner(ways, weakness, best_hold)
    seeds = _seeds(ways, portal_roots, hepatic_roots)
    net = _net(links, inner)
    side = net.side(seeds)
    confidence = _confidence(net, seeds, side)
    parts = [_part(graph, ways, group, side, confidence, tree) for tree in (PORTAL, HEPATIC)]
    return Split(parts[0], parts[1], _bridges(graph, ways, group, side), None)


def _ways(graph: VesselGraph) -> tuple[list[_Way], IntArray]:
    """The branches, and (N,) the fork that each node point belongs to: branches shorter than the vessels are thick at
    their ends join two forks into one."""
    chains = chains_of(graph)
    count = len(graph.points_mm)
    short, ways = [], []
    degree = graph.degree
    for chain in chains:
        a, b = chain.ends
        line = graph.points_mm[list(chain.points)]
        length = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
        if a != b and min(degree[a], degree[b]) >= 3 and length <= max(graph.radius_mm[a], graph.radius_mm[b]):
            short.append(chain)
    pairs = [pair for chain in short for pair in zip(chain.points[:-1], chain.points[1:], strict=True)]
    _, group = replace(graph, edges=np.array(pairs, dtype=np.int64).reshape(-1, 2)).pieces()
    inner = {chain.points for chain in short}
    for chain in chains:
        if chain.points not in inner:
            ways.append(_way(graph, chain, group, count))
    return ways, group


def _way(graph: VesselGraph, chain: Chain, group: IntArray, count: int) -> _Way:
    points = np.array(chain.points)
    line, radius = graph.points_mm[points], graph.radius_mm[points]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    length = float(along[-1])
    directions, radii = [], []
    for way, there in ((along, line), (along[-1] - along[::-1], line[::-1])):
        own = radius if there is line else radius[::-1]
        # within the other vessel the way says nothing of its own direction
        start = min(float(own[0]), 0.4 * length)
        stop = min(start + TANGENT_MM, length)
        inside = (way >= start - 1e-9) & (way <= stop + 1e-9)
        first = np.array([np.interp(start, way, there[:, axis]) for axis in range(3)])
        last = np.array([np.interp(stop, way, there[:, axis]) for axis in range(3)])
        step = last - first
        directions.append(step / max(float(np.linalg.norm(step)), 1e-9))
        radii.append(float(np.median(own[inside])) if inside.any() else float(np.median(own)))
    trim = (along > min(radius[0], 0.3 * length)) & (along < length - min(radius[-1], 0.3 * length))
    trim &= (np.arange(len(points)) > 0) & (np.arange(len(points)) < len(points) - 1)
    inside = np.flatnonzero(trim) if trim.any() else np.array([len(points) // 2])
    # the middle of the thinnest stretch
    thinnest = radius[inside].min()
    flat = inside[radius[inside] <= thinnest + 0.05]
    neck = int(flat[len(flat) // 2])
    ends = (int(group[points[0]]), int(group[points[-1]]))
    return _Way(chain, ends, np.array(directions), (radii[0], radii[1]), neck, float(thinnest), length)


def _links(
    ways: Sequence[_Way],
) -> tuple[list[tuple[int, int, float, float]], FloatArray, FloatArray]:
    """What holds halves together at forks: (half, half, hold 0…1, thinner radius); (2·W,) the weakness of each half, 1
    where the others at its fork go on into one another and leave it aside; (2·W,) its best hold, 1 at an end."""
    at_fork: dict[int, list[int]] = {}
    for number, way in enumerate(ways):
        for end in (0, 1):
            at_fork.setdefault(way.nodes[end], []).append(2 * number + end)
    links = []
    weakness = np.zeros(2 * len(ways))
    best_hold = np.ones(2 * len(ways))
    for halves in at_fork.values():
        if len(halves) < 2:
            continue
        holds = _holds(ways, halves)
        for a in range(len(halves)):
            for b in range(a):
                radius = min(_radius(ways, halves[a]), _radius(ways, halves[b]))
                links.append((halves[a], halves[b], float(holds[a, b]), radius))
        for a, half in enumerate(halves):
            others = np.delete(np.delete(holds, a, axis=0), a, axis=1)
            best = float(others.max(initial=0.0))
            best_hold[half] = float(holds[a].max())
            weakness[half] = best / max(best + best_hold[half], 1e-9)
    return links, weakness, best_hold


def _holds(ways: Sequence[_Way], halves: Sequence[int]) -> FloatArray:
    """(H, H) how well each half at a fork goes on into each other, 0…1."""
    directions = np.array([ways[half // 2].directions[half % 2] for half in halves])
    radii = np.array([_radius(ways, half) for half in halves])
    straight = np.clip((-directions @ directions.T + 1.0 - 2.0 * BENT_COSINE) / (2.0 - 2.0 * BENT_COSINE), 0.0, 1.0)
    alike = np.minimum(radii[:, None], radii) / np.maximum(radii[:, None], radii)
    holds = straight**2 * np.sqrt(alike)
    if len(halves) == 3:
        # a branch that leaves takes its share of the vessel: without it the two others are as thick as before
        for a in range(3):
            b, c = (n for n in range(3) if n != a)
            thick, thin = max(radii[b], radii[c]), min(radii[b], radii[c])
            if radii[a] > thin:
                continue
            owed = (radii[a] / thick) ** MURRAY_EXPONENT
            paid = 1.0 - (thin / thick) ** MURRAY_EXPONENT
            kept = min(1.0, paid / max(owed, 1e-6))
            factor = 1.0 - MURRAY_WEIGHT * (1.0 - kept) * min(1.0, 2.0 * owed)
            holds[a, b] *= factor
            holds[b, a] = holds[a, b]
            holds[a, c] *= factor
            holds[c, a] = holds[a, c]
    np.fill_diagonal(holds, 0.0)
    return np.asarray(np.maximum(holds, LEAST_HOLD) * (1.0 - np.eye(len(halves))))


def _radius(ways: Sequence[_Way], half: int) -> float:
    return ways[half // 2].radii[half % 2]


def _inner(ways: Sequence[_Way], weakness: FloatArray, best_hold: FloatArray) -> list[tuple[float, float]]:
    """For each branch how well its two halves hold together, 0…1, and the radius that counts."""
    found = []
    for number, way in enumerate(ways):
        neck = min(1.0, way.neck_mm / max(min(way.radii), 1e-6)) ** NECK_POWER
        aside = float(min(weakness[2 * number], weakness[2 * number + 1]))
        # half of a fork's hold is no weakness: one of three always leaves
        loose = max(0.0, 2.0 * aside - 1.0)
        both = float(best_hold[2 * number] * best_hold[2 * number + 1]) ** min(1.0, 4.0 * loose)
        hold = neck * (1.0 - loose) ** BRIDGE_POWER * _short_penalty(way, aside) * both
        found.append((max(LEAST_HOLD**2, hold), way.neck_mm))
    return found


def _short_penalty(way: _Way, aside: float) -> float:
    """Bridges are short: a long branch that is aside at both ends is rather a loop of one tree."""
    reach = 3.0 + way.radii[0] + way.radii[1]
    return 1.0 if aside < 0.5 or way.length_mm > 2.0 * reach else 0.3


def _seeds(ways: Sequence[_Way], portal: Sequence[int], hepatic: Sequence[int]) -> dict[int, int]:
    """Half → tree of the halves that are known."""
    seeds: dict[int, int] = {}
    for point, tree in [(point, PORTAL) for point in portal] + [(point, HEPATIC) for point in hepatic]:
        for number, way in enumerate(ways):
            if point in way.chain.points:
                end_there = (0,) if point == way.chain.points[0] else (1,)
                for end in end_there if point in way.chain.ends else (0, 1):
                    seeds[2 * number + end] = tree
                break
    return seeds


@dataclass(frozen=True, slots=True, eq=False)
class _Net:
    """What the cut may divide: (E, 2) pairs of halves and (E,) what each costs; count: of halves."""

    pairs: IntArray
    cost: IntArray
    count: int

    def side(self, seeds: Mapping[int, int]) -> IntArray:
        """(H,) the tree of each half under the cheapest cut between the seeds of both trees."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        source, sink = self.count, self.count + 1
        tied = np.array([(source if tree == PORTAL else sink, half) for half, tree in seeds.items()], dtype=np.int64)
        pairs = np.concatenate([self.pairs, tied])
        cost = np.concatenate([self.cost, np.full(len(tied), MOST_FLOW)]).astype(np.int32)
        rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
        size = self.count + 2
        capacity = coo_array((np.tile(cost, 2), (rows, columns)), shape=(size, size)).tocsr()
        left = capacity - maximum_flow(capacity, source, sink).flow
        left.eliminate_zeros()
        reached = breadth_first_order(left, source, directed=True, return_predecessors=False)
        side = np.full(self.count, HEPATIC, dtype=np.int64)
        side[reached[reached < self.count]] = PORTAL
        return side

    def divided(self, side: IntArray) -> BoolArray:
        """(E,) True where the halves of a pair are in different trees."""
        return np.asarray(side[self.pairs[:, 0]] != side[self.pairs[:, 1]])


def _net(links: Sequence[tuple[int, int, float, float]], inner: Sequence[tuple[float, float]]) -> _Net:
    pairs = [(a, b) for a, b, _, _ in links] + [(2 * n, 2 * n + 1) for n in range(len(inner))]
    cost = [hold * radius**2 for _, _, hold, radius in links] + [hold * radius**2 for hold, radius in inner]
    whole = np.clip(np.array(cost) * FLOW_UNIT, 1, MOST_FLOW / len(cost))
    return _Net(np.array(pairs, dtype=np.int64).reshape(-1, 2), whole.astype(np.int64), 2 * len(inner))


def _confidence(net: _Net, seeds: Mapping[int, int], side: IntArray) -> FloatArray:
    """(H,) how much dearer the best cut is that gives a half to the other tree, with its way there: 0 as dear, 1 far."""
    divided = net.divided(side)
    found = np.ones(net.count)
    beside: list[list[tuple[int, int]]] = [[] for _ in range(net.count)]
    for (a, b), cost in zip(net.pairs.tolist(), net.cost.tolist(), strict=True):
        beside[a].append((b, cost))
        beside[b].append((a, cost))
    for tree in (PORTAL, HEPATIC):
        before = _cheapest_ways(beside, np.flatnonzero(side != tree).tolist(), seeds)
        known: dict[frozenset[int], float] = {}
        for half in np.flatnonzero(side == tree).tolist():
            if before[half] < 0:
                continue
            way, at = [half], half
            while side[before[at]] == tree:
                at = int(before[at])
                way.append(at)
            flipped = frozenset(way)
            if flipped not in known:
                other = net.divided(net.side({**seeds, **dict.fromkeys(flipped, 1 - tree)}))
                added = int(net.cost[other & ~divided].sum())
                spared = int(net.cost[divided & ~other].sum())
                known[flipped] = max(0.0, 1.0 - spared / max(added, 1))
            found[half] = known[flipped]
    return found


def _cheapest_ways(
    beside: Sequence[Sequence[tuple[int, int]]], starts: Sequence[int], barred: Mapping[int, int]
) -> IntArray:
    """(H,) the half before each on the way from the starts that costs least to cut out; −1 without one."""
    dear = [float(sum(cost for _, cost in near)) for near in beside]
    least = np.full(len(beside), np.inf)
    before = np.full(len(beside), -1, dtype=np.int64)
    least[list(starts)] = 0.0
    queue = [(0.0, start) for start in starts]
    while queue:
        spent, half = heapq.heappop(queue)
        if spent > least[half]:
            continue
        for other, cost in beside[half]:
            total = spent + dear[other] - cost
            if total < least[other] and other not in barred:
                least[other], before[other] = total, half
                heapq.heappush(queue, (total, other))
    return before


def _half_points(way: _Way, end: int) -> tuple[int, ...]:
    return way.chain.points[: way.neck + 1] if end == 0 else way.chain.points[way.neck :]


def _part(
    graph: VesselGraph, ways: Sequence[_Way], group: IntArray, side: IntArray, confidence: FloatArray, tree: int
) -> SplitPart:
    """The points and edges of one tree; a fork that both trees pass belongs to both."""
    keep = np.zeros(len(graph.points_mm), dtype=bool)
    sure = np.ones(len(graph.points_mm))
    edges = []
    forks = set()
    for number, way in enumerate(ways):
        for end in (0, 1):
            if side[2 * number + end] != tree:
                continue
            line = _half_points(way, end)
            keep[list(line)] = True
            sure[list(line)] = confidence[2 * number + end]
            edges += list(pairwise(line))
            forks.add(way.nodes[end])
    within = np.isin(group, np.array(sorted(forks), dtype=np.int64))
    own = graph.edges[(group[graph.edges[:, 0]] == group[graph.edges[:, 1]]) & within[graph.edges].all(axis=1)]
    keep[own.reshape(-1)] = True
    pairs = np.unique(np.sort(np.concatenate([np.array(edges, dtype=np.int64).reshape(-1, 2), own]), axis=1), axis=0)
    numbers = np.cumsum(keep) - 1
    part = VesselGraph(graph.points_mm[keep], graph.radius_mm[keep], numbers[pairs].reshape(-1, 2))
    known = {place.tobytes(): value for place, value in zip(part.points_mm, sure[keep], strict=True)}
    clean = without_spurs(part)
    return SplitPart(clean, np.array([known[place.tobytes()] for place in clean.points_mm]))


def _bridges(graph: VesselGraph, ways: Sequence[_Way], group: IntArray, side: IntArray) -> tuple[Bridge, ...]:
    """Branches whose halves belong to different trees, and forks where both trees meet."""
    found = []
    meeting: dict[int, set[int]] = {}
    for number, way in enumerate(ways):
        if side[2 * number] != side[2 * number + 1]:
            at = graph.points_mm[way.chain.points[way.neck]]
            found.append(Bridge(at, way.length_mm, way.neck_mm))
        for end in (0, 1):
            meeting.setdefault(way.nodes[end], set()).add(int(side[2 * number + end]))
    for fork, trees in meeting.items():
        if len(trees) == 2:
            own = np.flatnonzero(group == fork)
            found.append(Bridge(graph.points_mm[own].mean(axis=0), 0.0, float(graph.radius_mm[own].min())))
    return tuple(found)

"""What the report says before each table: what was measured, and how."""

from bench import accept, dead, delivery, footprint, growth, lists, queues, town

HEAD = """# How fast it is

`make bench` writes this report. Everything runs on one machine, the load too, and the speed of a
machine swings: subjects take turns round by round, a ratio is the median of the rounds' own
ratios, and single figures are the median round's. What is not kept here was not kept in this run.
That nothing is lost or doubled when processes are killed is shown by `make faults`.

"""

ACCEPTING = f"""## Accepting

Cases of six kilobytes, schema-validated, routed and durable before the receipt (SQLite: WAL,
`synchronous=FULL`; PostgreSQL: `fsync` on), in one gateway process. *Nothing kept* is the same
process with a store that answers at once. The plain peers are synchronous FastAPI endpoints with
zeep and an ORM session. Those of the same work ([same_work_peer.py](same_work_peer.py)) check the
schema, look up route and repeats, commit case, event, delivery, timeline and confirmation, and
answer with zeep: on PostgreSQL, and on SQLite with the rollback journal that it comes with and
with *WAL*. That of *one row* ([peer.py](peer.py)), with WAL too, reads the message, commits a
single row and writes no envelope. All of them commit as durably as we do.

The load is a process of its own that goes before all others, if the machine lets it (at the end:
*load first*). It stands for clients elsewhere, which would not wait until a database here has had
its turn.

Rounds of {accept.SECONDS:g} s: {accept.ROUNDS} where best and worst are told, else one.
After each round the process is killed with SIGKILL, and every receipt is looked up in the
database: *not on disk* must be 0.

![Accepted cases a second](accepted.svg)

"""

DELIVERING = f"""## Delivering

From just before a case is sent until an external system has it, which takes {delivery.DELAY_MS} ms
for each; gateway and worker are two processes, {town.SLOTS} calls at once.

"""

DRAINING = f"""## Draining

A backlog brought to a fast system, from the first arrival to the last. The peer is procrastinate,
a task queue on PostgreSQL, with a task that posts the same case with as many calls at once
([queue_peer.py](queue_peer.py)); it keeps no order within a case, no attempts, no timeline and no
breaker. Those two take turns, {queues.ROUNDS} rounds each.

"""

DEAD = f"""## Beside dead destinations

A healthy system ({delivery.DELAY_MS} ms) gets {dead.RATE:g} cases/s, alone and beside ten dead
ones: {dead.REFUSING} refuse connections and {dead.HANGING} hang until the time-out. The dead get
{dead.DEAD_RATE:g} cases/s together, on top of what already waits for them. The routes are the
same both times. {dead.PAIRS} pairs of rounds.

"""

GROWING = f"""## Growing

The same with more and more delivered cases in the embedded database: {growth.CLIENTS} clients;
{growth.RATE:g} cases/s to a {delivery.DELAY_MS} ms system.
All sizes take turns, {growth.ROUNDS} rounds each.

"""

LISTING = f"""## Listing

One inbox with {lists.CASES:,} cases, each list read by {lists.PAGE} from its first page to its
last: the median of the first twenty pages, of all, and of the last twenty.

"""

ROUTING = """## Routing

One table of 100,000 units: seconds to check it, which is a part of the start, and to compare it
with one where a thousand units have another name; microseconds to resolve one unit, and megabytes.

"""

PUBLISHING = """## Publishing

How soon the same table is live on three nodes on one PostgreSQL, from the moment that it is on
disk; each of them checks and compiles it. And what callers notice who send cases to a gateway
while the example regions are published there again and again.

"""

PROCESSES = f"""## Processes

The gateway is ready when `/health/ready` says so, with the database that it has made; the worker
when it has delivered what waited for it. Memory is resident, with that of the
processes they start, and the load {footprint.CASES:,} cases, accepted and delivered.

"""

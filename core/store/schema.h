/* SPDX-License-Identifier: MIT
 * The tables of the SQLite and the memory store, and every statement that is run on them.
 *
 * A job's address (flow, part, off) is one integer, so that log and delivery are plain integer-key
 * tables: flow in the upper bits, then 10 bits of partition, then 38 bits of offset. Rows that many
 * transactions change are small; what is large stands in rows that are added at the end. */
#ifndef KOPPEL_STORE_SCHEMA_H
#define KOPPEL_STORE_SCHEMA_H

#include "store/schema_keeping.h"
#include "store/schema_look.h"
#include "store/schema_move.h"

#define SCHEMA_VERSION 1
#define SCHEMA_APPLICATION 0x4b4f5051 /* "KOPQ": tells our file from another program's */

/* lease.taken: when it was last taken over from an owner who had not given it back, or given back
 * with something announced that was not settled. source.doubt: a
 * restored store has not read this source to its end yet. log.doubt: accepted meanwhile, or before.
 * delivery.words: detail, facts and brief, sealed together; delivery.hashes: what it is found by, 8
 * bytes a word. head.at: when the last one was accepted. lease.indexed: jobs before it can be found
 * by their words. link.paper: the row of document that
 * holds what was begun; link.flow, part, epoch: the lease that wrote it. seen.digest is "" once the
 * key is gone. */
#define SCHEMA_TABLES                                                                              \
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;"                               \
    "CREATE TABLE flow(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parts INTEGER NOT NULL," \
    " rev INTEGER NOT NULL DEFAULT 1);"                                                            \
    "CREATE TABLE source(flow INTEGER PRIMARY KEY, cursor TEXT, owner BLOB,"                       \
    " epoch INTEGER NOT NULL DEFAULT 0, until INTEGER NOT NULL DEFAULT 0,"                         \
    " doubt INTEGER NOT NULL);"                                                                    \
    "CREATE TABLE head(flow INTEGER NOT NULL, part INTEGER NOT NULL,"                              \
    " head INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(flow, part))"    \
    " WITHOUT ROWID;"                                                                              \
    "CREATE TABLE lease(flow INTEGER NOT NULL, part INTEGER NOT NULL,"                             \
    " cursor INTEGER NOT NULL DEFAULT 0, owner BLOB, epoch INTEGER NOT NULL DEFAULT 0,"            \
    " until INTEGER NOT NULL DEFAULT 0, taken INTEGER NOT NULL DEFAULT 0,"                         \
    " indexed INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 0,"                      \
    " PRIMARY KEY(flow, part)) WITHOUT ROWID;"                                                     \
    "CREATE TABLE log(job INTEGER PRIMARY KEY, at INTEGER NOT NULL, version INTEGER NOT NULL,"     \
    " run INTEGER NOT NULL, key TEXT NOT NULL, doubt INTEGER NOT NULL, payload BLOB);"             \
    "CREATE INDEX log_at ON log(at);"                                                              \
    "CREATE INDEX log_key ON log(key);"                                                            \
    "CREATE TABLE delivery(job INTEGER PRIMARY KEY, state INTEGER NOT NULL,"                       \
    " attempt INTEGER NOT NULL, epoch INTEGER NOT NULL, finished INTEGER, run INTEGER NOT NULL,"   \
    " reason TEXT NOT NULL, words BLOB, remote_id TEXT, hashes BLOB, steps BLOB);"                 \
    "CREATE TABLE attempt(job INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL,"    \
    " steps BLOB, PRIMARY KEY(job, attempt));"                                                     \
    "CREATE TABLE aside(flow INTEGER NOT NULL, key TEXT NOT NULL, part INTEGER NOT NULL,"          \
    " job INTEGER NOT NULL, state INTEGER NOT NULL, due INTEGER NOT NULL,"                         \
    " retried INTEGER NOT NULL, reason TEXT NOT NULL, cause INTEGER NOT NULL,"                     \
    " PRIMARY KEY(flow, key)) WITHOUT ROWID;"                                                      \
    "CREATE INDEX aside_due ON aside(flow, part, due) WHERE state = 4;"                            \
    "CREATE INDEX aside_job ON aside(state, job);"                                                 \
    "CREATE INDEX aside_cause ON aside(cause, job) WHERE cause <> 0;"                              \
    "CREATE TABLE tally(flow INTEGER NOT NULL, part INTEGER NOT NULL, state INTEGER NOT NULL,"     \
    " reason TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(flow, part, state, reason))"           \
    " WITHOUT ROWID;"                                                                              \
    "CREATE TABLE scope(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"                       \
    "CREATE TABLE link(scope INTEGER NOT NULL, key TEXT NOT NULL, state INTEGER NOT NULL,"         \
    " id TEXT, alias TEXT, digest TEXT, version INTEGER NOT NULL, chain INTEGER NOT NULL,"         \
    " adopted INTEGER NOT NULL, closed INTEGER NOT NULL, write INTEGER NOT NULL, ref TEXT,"        \
    " ikey TEXT, begun_digest TEXT,"                                                               \
    " begun_version INTEGER NOT NULL, paper INTEGER, unseen INTEGER NOT NULL,"                     \
    " flow INTEGER NOT NULL, part INTEGER NOT NULL, epoch INTEGER NOT NULL,"                       \
    " PRIMARY KEY(scope, key)) WITHOUT ROWID;"                                                     \
    "CREATE TABLE document(id INTEGER PRIMARY KEY, scope INTEGER NOT NULL, key TEXT NOT NULL,"     \
    " body BLOB NOT NULL);"                                                                        \
    "CREATE TABLE seen(flow INTEGER NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,"            \
    " job INTEGER NOT NULL, listed INTEGER NOT NULL, PRIMARY KEY(flow, key)) WITHOUT ROWID;"       \
    "CREATE TABLE claim(name TEXT PRIMARY KEY, key TEXT NOT NULL, flow INTEGER NOT NULL,"          \
    " part INTEGER NOT NULL, epoch INTEGER NOT NULL) WITHOUT ROWID;"                               \
    "CREATE TABLE lock(name TEXT PRIMARY KEY, owner BLOB NOT NULL, thread INTEGER NOT NULL,"       \
    " until INTEGER NOT NULL) WITHOUT ROWID;"                                                      \
    "CREATE TABLE host(id TEXT PRIMARY KEY, name TEXT NOT NULL, program TEXT NOT NULL,"            \
    " pid INTEGER NOT NULL, started INTEGER NOT NULL, seen INTEGER NOT NULL,"                      \
    " hungry INTEGER NOT NULL, owner BLOB NOT NULL, revision INTEGER NOT NULL DEFAULT 0,"          \
    " lacks TEXT NOT NULL DEFAULT '', knows INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"            \
    "CREATE TABLE rate(name TEXT PRIMARY KEY, next INTEGER NOT NULL, rest INTEGER NOT NULL,"       \
    " reason TEXT NOT NULL) WITHOUT ROWID;"                                                        \
    "CREATE TABLE sealed(name TEXT PRIMARY KEY, value BLOB NOT NULL, rev INTEGER NOT NULL)"        \
    " WITHOUT ROWID;"                                                                              \
    "CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"                 \
    "CREATE TABLE entry(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, seq INTEGER NOT NULL,"         \
    " at INTEGER NOT NULL, who TEXT NOT NULL, subject TEXT, body BLOB, UNIQUE(kind, seq));"        \
    "CREATE INDEX entry_subject ON entry(kind, subject, seq);" SCHEMA_KEEPING_TABLES               \
    SCHEMA_TABLES_LOOK

#define JOB_COLUMNS                                                                                \
    "l.job, l.key, coalesce(d.state, 0), coalesce(d.attempt, 0), l.at, d.finished, a.due,"         \
    " coalesce(d.reason, ''), d.words, d.remote_id, l.version, coalesce(a.cause, 0), l.run,"       \
    " coalesce(d.run, 0), EXISTS(SELECT 1 FROM patch p WHERE p.job = l.job)"
#define JOB_FROM                                                                                   \
    " FROM log l LEFT JOIN delivery d ON d.job = l.job LEFT JOIN aside a"                          \
    " ON a.flow = (l.job >> 48) AND a.key = l.key AND a.job = l.job"

/* Free partitions of a flow that have something to deliver, those that wait longest first. */
#define LEASE_WITH_WORK                                                                            \
    "SELECT l.part, l.epoch, l.cursor, l.owner IS NOT NULL, h.head,"                               \
    " l.owner IS NOT DISTINCT FROM ?3 FROM lease l JOIN head h USING(flow, part)"                  \
    " WHERE l.flow = ?1 AND (l.owner IS NULL OR l.until <= ?2) AND l.wanted <= ?2"                 \
    " AND (l.cursor < h.head OR EXISTS(SELECT 1 FROM aside a WHERE a.flow = l.flow"                \
    " AND a.part = l.part AND a.state = 4 AND a.due <= ?2)) ORDER BY l.epoch"

/* What a person or a worker changes is locked first (LOCK, GUARD) where several write at once; the
 * one writer of SQLite needs none of it. */
/* name, text. States of jobs and links stand here as the numbers of their enums (job: 1 done,
 * 2 skipped, 3 parked, 4 waiting; link: 1 maybe). Last columns of a key set are in the order of the
 * table, so that VALUES() needs no list. */
#define SCHEMA_STATEMENTS(X)                                                                       \
    SCHEMA_MOVE_STATEMENTS(X)                                                                      \
    SCHEMA_STATEMENTS_LOOK(X)                                                                      \
    X(BEGIN, "BEGIN IMMEDIATE")                                                                    \
    X(BEGIN_READ, "BEGIN")                                                                         \
    X(COMMIT, "COMMIT")                                                                            \
    X(ROLLBACK, "ROLLBACK")                                                                        \
    X(SAVEPOINT, "SAVEPOINT task")                                                                 \
    X(UNDO, "ROLLBACK TO task")                                                                    \
    X(RELEASE, "RELEASE task")                                                                     \
    X(META_GET, "SELECT value FROM meta WHERE name = ?1")                                          \
    X(NEWS, "SELECT 0, coalesce((SELECT value FROM meta WHERE name = 'news'), 0)")                 \
    X(META_PUT, "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET"                  \
                " value = excluded.value")                                                         \
    X(META_SET, "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET"                  \
                " value = excluded.value")                                                         \
    X(META_COUNT, "INSERT INTO meta VALUES(?1 || ?2, 1) ON CONFLICT(name) DO UPDATE SET"           \
                  " value = value + 1 RETURNING value")                                            \
    X(EPOCH_NEXT, "INSERT INTO meta VALUES('epoch', ?1 + 1) ON CONFLICT(name) DO UPDATE SET"       \
                  " value = max(CAST(meta.value AS INTEGER), ?1) + 1 RETURNING value")             \
    X(FLOW_GET, "SELECT id, parts FROM flow WHERE name = ?1")                                      \
    X(FLOW_NAME, "SELECT name FROM flow WHERE id = ?1")                                            \
    X(FLOW_PUT, "INSERT INTO flow(name, parts) VALUES(?1, ?2)"                                     \
                " ON CONFLICT(name) DO UPDATE SET parts = excluded.parts")                         \
    X(FLOW_OPEN, "SELECT (SELECT count(*) FROM head h JOIN lease l USING(flow, part)"              \
                 " WHERE h.flow = ?1 AND l.cursor < h.head)"                                       \
                 " + (SELECT count(*) FROM aside WHERE flow = ?1)")                                \
    X(FLOW_CHANGED, "UPDATE flow SET rev = rev + 1 WHERE id = ?1")                                 \
    X(FLOW_REV, "SELECT rev FROM flow WHERE id = ?1")                                              \
    X(HEAD_PUT, "INSERT INTO head(flow, part) VALUES(?1, ?2) ON CONFLICT DO NOTHING")              \
    X(HEAD_GET, "SELECT head, at FROM head WHERE flow = ?1 AND part = ?2")                         \
    X(HEAD_SET, "UPDATE head SET head = ?3, at = ?4 WHERE flow = ?1 AND part = ?2")                \
    X(HEAD_SUM, "SELECT CAST(coalesce(sum(head), 0) AS BIGINT) FROM head WHERE flow = ?1")         \
    X(SOURCE_PUT, "INSERT INTO source(flow, doubt) VALUES(?1,"                                     \
                  " (SELECT count(*) FROM meta WHERE name = 'restored')) ON CONFLICT DO NOTHING")  \
    X(SOURCE_GET, "SELECT cursor, owner, epoch, until, doubt FROM source WHERE flow = ?1")         \
    X(SOURCE_HOLD, "UPDATE source SET owner = ?2, epoch = ?3, until = ?4 WHERE flow = ?1")         \
    X(SOURCE_BEAT, "UPDATE source SET until = ?4 WHERE flow = ?1 AND owner = ?2 AND epoch = ?3")   \
    X(SOURCE_FREE, "UPDATE source SET owner = NULL WHERE flow = ?1 AND owner = ?2 AND epoch = ?3") \
    X(SOURCE_SURE, "UPDATE source SET doubt = 0 WHERE flow = ?1")                                  \
    X(SOURCE_CURSOR, "UPDATE source SET cursor = ?2 WHERE flow = ?1")                              \
    X(SOURCE_FREE_ALL, "UPDATE source SET owner = NULL WHERE owner = ?1")                          \
    X(SOURCE_TAKE_ALL, "UPDATE source SET owner = NULL")                                           \
    X(LEASE_PUT, "INSERT INTO lease(flow, part) VALUES(?1, ?2) ON CONFLICT DO NOTHING")            \
    X(LEASE_GET, "SELECT owner, epoch, until, taken, cursor, wanted FROM lease"                    \
                 " WHERE flow = ?1 AND part = ?2")                                                 \
    X(LEASE_FREE_WITH_WORK, LEASE_WITH_WORK)                                                       \
    X(LEASE_TAKE_WITH_WORK, LEASE_WITH_WORK)                                                       \
    X(HOST_SEEN, "INSERT INTO host VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10)"            \
                 " ON CONFLICT(id) DO UPDATE SET seen = excluded.seen,"                            \
                 " hungry = excluded.hungry, revision = excluded.revision,"                        \
                 " lacks = excluded.lacks")                                                        \
    X(HOST_LIVE, "SELECT count(*), CAST(coalesce(sum(CASE WHEN id <> ?1 THEN hungry ELSE 0"        \
                 " END), 0) AS BIGINT), (SELECT id FROM host WHERE seen > ?2 ORDER BY"             \
                 " lacks <> '', started, id LIMIT 1) FROM host WHERE seen > ?2")                   \
    X(HOST_OTHERS, "SELECT l.flow, count(*) FROM lease l JOIN head h USING(flow, part) WHERE"      \
                   " l.owner IS NOT NULL AND l.owner <> ?1 AND l.cursor < h.head GROUP BY"         \
                   " l.flow")                                                                      \
    X(HOST_FORGET, "DELETE FROM host WHERE seen < ?1")                                             \
    X(HOST_END, "DELETE FROM host WHERE id = ?1")                                                  \
    X(HOSTS, "SELECT h.id, h.name, h.program, h.pid, h.started, h.seen, (SELECT count(*) FROM"     \
             " lease l WHERE l.owner = h.owner), h.revision, h.lacks, h.knows FROM host h"         \
             " ORDER BY h.started, h.id")                                                          \
    X(STORE_BYTES, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")       \
    X(GUARD, "SELECT 1")                                                                           \
    X(LEASE_LOCK, "SELECT owner, epoch, until, taken, cursor, wanted FROM lease WHERE flow = ?1"   \
                  " AND part = ?2")                                                                \
    X(SOURCE_LOCK, "SELECT cursor, owner, epoch, until, doubt FROM source WHERE flow = ?1")        \
    X(DELIVERY_RANGE, "SELECT job, state, attempt, epoch, steps IS NOT NULL FROM delivery WHERE"   \
                      " job >= ?1 AND job <= ?2")                                                  \
    X(DOCUMENT_FORGET, "DELETE FROM document WHERE id = (SELECT paper FROM link WHERE scope ="     \
                       " ?1 AND key = ?2)")                                                        \
    X(LEASE_HOLD, "UPDATE lease SET owner = ?3, epoch = ?4, until = ?5, cursor = ?6,"              \
                  " taken = CASE WHEN owner IS NULL THEN taken ELSE ?7 END"                        \
                  " WHERE flow = ?1 AND part = ?2")                                                \
    X(LEASE_BEAT, "UPDATE lease SET until = ?5 WHERE flow = ?1 AND part = ?2 AND owner = ?3"       \
                  " AND epoch = ?4")                                                               \
    X(LEASE_FREE, "UPDATE lease SET owner = NULL, taken = CASE WHEN ?5 > taken THEN ?5 ELSE"       \
                  " taken END WHERE flow = ?1 AND part = ?2 AND owner = ?3 AND epoch = ?4")        \
    X(LEASE_END, "UPDATE lease SET owner = NULL, epoch = ?3, taken = ?4"                           \
                 " WHERE flow = ?1 AND part = ?2")                                                 \
    X(LEASE_WANT, "UPDATE lease SET wanted = ?3 WHERE flow = ?1 AND part = ?2")                    \
    X(LEASE_CURSOR, "UPDATE lease SET cursor = max(cursor, ?3) WHERE flow = ?1 AND part = ?2"      \
                    " AND ?3 <= (SELECT head FROM head h WHERE h.flow = ?1 AND h.part = ?2)")      \
    X(LEASE_FREE_ALL, "UPDATE lease SET owner = NULL WHERE owner = ?1")                            \
    X(LEASE_TAKE_ALL, "UPDATE lease SET owner = NULL, taken = ?1 WHERE owner IS NOT NULL")         \
    X(LOG_PUT, "INSERT INTO log VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")                               \
    X(LOG_AT, "SELECT at FROM log WHERE job = ?1")                                                 \
    X(LOG_KEY, "SELECT key FROM log WHERE job = ?1")                                               \
    X(LOG_NEWER, "SELECT 1 FROM log WHERE key = ?1 AND job > ?2 AND job < ?3 LIMIT 1")             \
    X(LOG_READ, "SELECT l.job, l.key, l.version, l.at, l.payload, l.doubt, d.state, d.attempt,"    \
                " a.state, a.due, 0, 0 FROM log l LEFT JOIN delivery d ON d.job = l.job"           \
                " LEFT JOIN aside a ON a.flow = ?3 AND a.key = l.key"                              \
                " WHERE l.job >= ?1 AND l.job < ?2 ORDER BY l.job")                                \
    X(SEEN_GET, "SELECT digest FROM seen WHERE flow = ?1 AND key = ?2")                            \
    X(SEEN_PUT, "INSERT INTO seen VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(flow, key) DO UPDATE SET" \
                " digest = excluded.digest, job = excluded.job, listed = excluded.listed")         \
    X(SEEN_PAGE, "SELECT key, job FROM seen WHERE flow = ?1 AND key > ?2 AND digest <> ''"         \
                 " ORDER BY key LIMIT ?3")                                                         \
    X(UNSETTLED, "SELECT l.key, l.payload, 0, 0 FROM head h JOIN lease s USING(flow, part)"        \
                 " JOIN log l ON l.job >= ((h.flow << 48) | (h.part << 38) | s.cursor)"            \
                 " AND l.job < ((h.flow << 48) | (h.part << 38) | h.head)"                         \
                 " LEFT JOIN delivery d ON d.job = l.job WHERE h.flow = ?1 AND d.job IS NULL"      \
                 " UNION ALL SELECT l.key, coalesce(p.body, l.payload), a.state, 0 FROM aside a"   \
                 " JOIN log l ON l.job = a.job LEFT JOIN patch p ON p.job = a.job"                 \
                 " WHERE a.flow = ?1")                                                             \
    X(SETTLED_SINCE, "SELECT l.key, l.payload, d.state, d.finished FROM delivery d JOIN log l"     \
                     " ON l.job = d.job WHERE d.job >= ?1 << 48 AND d.job < (?1 + 1) << 48"        \
                     " AND d.finished >= ?2 AND d.state IN (1, 2)")                                \
    X(DELIVERY_GET, "SELECT state, attempt, epoch, steps IS NOT NULL, reason, words"               \
                    " FROM delivery WHERE job = ?1")                                               \
    X(DELIVERY_PUT, "INSERT INTO delivery VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"         \
                    " ?11)")                                                                       \
    X(DELIVERY_AGAIN, "UPDATE delivery SET state = ?2, attempt = ?3, epoch = ?4, finished = ?5,"   \
                      " run = ?6, reason = ?7, words = ?8, remote_id = ?9,"                        \
                      " hashes = coalesce(?10, hashes), steps = ?11 WHERE job = ?1")               \
    X(DELIVERY_SUPERSEDE, "UPDATE delivery SET state = 2, epoch = ?2, finished = ?3,"              \
                          " reason = 'superseded', words = ?4 WHERE job = ?1")                     \
    X(DELIVERY_DUE, "UPDATE delivery SET state = 4 WHERE job = ?1")                                \
    X(DELIVERY_STATE, "SELECT state FROM delivery WHERE job = ?1")                                 \
    X(ATTEMPT_KEEP, "INSERT INTO attempt SELECT job, attempt, coalesce(finished, 0), steps FROM"   \
                    " delivery WHERE job = ?1 AND steps IS NOT NULL ON CONFLICT DO NOTHING")       \
    X(ATTEMPTS, "SELECT at, attempt, steps FROM attempt WHERE job = ?1 UNION ALL"                  \
                " SELECT coalesce(finished, 0), attempt, steps FROM delivery WHERE job = ?1"       \
                " AND steps IS NOT NULL ORDER BY 2, 1")                                            \
    X(ASIDE_GET, "SELECT job, state, due, retried FROM aside WHERE flow = ?1 AND key = ?2")        \
    X(ASIDE_ANY, "SELECT 1 FROM aside WHERE flow = ?1 LIMIT 1")                                    \
    X(ASIDE_PUT, "INSERT INTO aside VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"                    \
                 " ON CONFLICT(flow, key) DO UPDATE SET part = excluded.part, job = excluded.job," \
                 " state = excluded.state, due = excluded.due, retried = excluded.retried,"        \
                 " reason = excluded.reason, cause = excluded.cause")                              \
    X(ASIDE_DELETE, "DELETE FROM aside WHERE flow = ?1 AND key = ?2")                              \
    X(ASIDE_READ, "SELECT l.job, l.key, l.version, l.at, coalesce(p.body, l.payload), l.doubt,"    \
                  " NULL, d.attempt, NULL, a.due, a.retried, p.job IS NOT NULL FROM aside a"       \
                  " JOIN log l ON l.job = a.job LEFT JOIN delivery d ON d.job = a.job LEFT JOIN"   \
                  " patch p ON p.job = a.job WHERE a.flow = ?1 AND a.part = ?2 AND a.state = 4"    \
                  " AND a.due <= ?3 ORDER BY a.due, a.job")                                        \
    X(ASIDE_NEXT, "SELECT min((SELECT min(due) FROM aside a WHERE a.flow = l.flow"                 \
                  " AND a.part = l.part AND a.state = 4)) FROM lease l WHERE l.flow = ?1")         \
    X(ASIDE_COUNT, "SELECT state, count(*) FROM aside WHERE flow = ?1 GROUP BY state")             \
    X(ASIDE_DUE, "UPDATE aside SET state = 4, due = ?3, retried = ?4"                              \
                 " WHERE flow = ?1 AND key = ?2")                                                  \
    X(TALLY_ADD, "INSERT INTO tally VALUES(?1, ?2, ?3, ?4, ?5)"                                    \
                 " ON CONFLICT(flow, part, state, reason) DO UPDATE SET n = tally.n + excluded.n") \
    X(TALLY_SUM, "SELECT state, CAST(sum(n) AS BIGINT) FROM tally WHERE flow = ?1 GROUP BY"        \
                 " state")                                                                         \
    X(REASONS, "SELECT state, reason, CAST(sum(n) AS BIGINT) FROM (SELECT state, reason, n FROM"   \
               " tally WHERE flow = ?1 UNION ALL SELECT state, reason, 1 FROM aside WHERE flow"    \
               " = ?1) AS ends GROUP BY state, reason HAVING sum(n) <> 0 ORDER BY state, reason")  \
    X(SCOPE_GET, "SELECT id FROM scope WHERE name = ?1")                                           \
    X(SCOPE_PUT, "INSERT INTO scope(name) VALUES(?1) ON CONFLICT DO NOTHING")                      \
    X(LINK_PUT, "INSERT INTO link VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"       \
                " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) ON CONFLICT(scope, key) DO UPDATE SET"   \
                " alias = coalesce(excluded.alias, CASE WHEN excluded.id IS NOT DISTINCT FROM"     \
                " link.id THEN link.alias END), state = excluded.state, id = excluded.id,"         \
                " digest = excluded.digest, version = excluded.version, chain = excluded.chain,"   \
                " adopted = excluded.adopted, closed = excluded.closed, write = excluded.write,"   \
                " ref = excluded.ref, ikey = excluded.ikey, begun_digest ="                        \
                " excluded.begun_digest, begun_version = excluded.begun_version, paper ="          \
                " excluded.paper, unseen = excluded.unseen, flow = excluded.flow, part ="          \
                " excluded.part, epoch = excluded.epoch")                                          \
    X(LINK_GET, "SELECT l.state, l.id, l.alias, l.digest, l.version, l.chain, l.closed, l.write,"  \
                " l.ref, l.ikey, l.begun_digest, l.begun_version, d.body, l.unseen, l.flow,"       \
                " l.part, l.epoch, l.adopted FROM link l LEFT JOIN document d ON d.id = l.paper"   \
                " WHERE l.scope = ?1 AND l.key = ?2")                                              \
    X(LINK_DELETE, "DELETE FROM link WHERE scope = ?1 AND key = ?2")                               \
    X(LINK_RESTORE, "UPDATE link SET state = 1, write = 5, unseen = ?1")                           \
    X(SOURCE_RESTORE, "UPDATE source SET doubt = 1")                                               \
    X(LOG_RESTORE, "UPDATE log SET doubt = 1 WHERE job IN (SELECT job FROM aside)"                 \
                   " OR EXISTS(SELECT 1 FROM lease l WHERE l.flow = log.job >> 48"                 \
                   " AND l.part = (log.job >> 38 & 1023)"                                          \
                   " AND (log.job & 0x3fffffffff) >= l.cursor)")                                   \
    X(DOCUMENT_PUT, "INSERT INTO document VALUES(?1, ?2, ?3, ?4)")                                 \
    X(DOCUMENT_DELETE, "DELETE FROM document WHERE id = ?1")                                       \
    X(CLAIM_GET, "SELECT key, flow, part, epoch FROM claim WHERE name = ?1")                       \
    X(CLAIM_PUT, "INSERT INTO claim VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(name) DO UPDATE SET"    \
                 " key = excluded.key, flow = excluded.flow, part = excluded.part, epoch ="        \
                 " excluded.epoch")                                                                \
    X(CLAIM_DROP, "DELETE FROM claim WHERE name = ?1 AND epoch = ?2")                              \
    X(CLAIM_END, "DELETE FROM claim WHERE flow = ?1 AND part = ?2")                                \
    X(CLAIM_END_ALL, "DELETE FROM claim")                                                          \
    X(LOCK_TAKE, "INSERT INTO lock VALUES(?1, ?2, ?3, ?4) ON CONFLICT(name) DO UPDATE SET"         \
                 " owner = excluded.owner, thread = excluded.thread, until = excluded.until"       \
                 " WHERE lock.until <= ?5")                                                        \
    X(LOCK_DROP, "DELETE FROM lock WHERE name = ?1 AND owner = ?2 AND thread = ?3")                \
    X(LOCK_END, "DELETE FROM lock WHERE owner = ?1")                                               \
    X(LOCK_END_ALL, "DELETE FROM lock")                                                            \
    X(RATE_TAKE, "INSERT INTO rate VALUES(?1, ?2, 0, '') ON CONFLICT(name) DO UPDATE SET next ="   \
                 " CASE WHEN rate.next > ?3 THEN rate.next ELSE ?3 END + ?4 RETURNING next")       \
    X(RATE_REST, "INSERT INTO rate VALUES(?1, 0, ?2, ?3) ON CONFLICT(name) DO UPDATE SET"          \
                 " rest = excluded.rest, reason = excluded.reason"                                 \
                 " WHERE excluded.rest = 0 OR excluded.rest > rate.rest")                          \
    X(RATE_RESTS, "SELECT name, reason, rest FROM rate WHERE rest > ?1 ORDER BY rest DESC"         \
                  " LIMIT ?2")                                                                     \
    X(SEALED_GET, "SELECT value, rev FROM sealed WHERE name = ?1")                                 \
    X(SEALED_PUT, "INSERT INTO sealed VALUES(?1, ?2, 1) ON CONFLICT(name) DO UPDATE SET"           \
                  " value = excluded.value, rev = sealed.rev + 1")                                 \
    X(SEALED_NAMES, "SELECT name FROM sealed WHERE substr(name, 1, length(?1)) = ?1"               \
                    " ORDER BY name")                                                              \
    X(SEALED_DROP, "DELETE FROM sealed WHERE name = ?1")                                           \
    X(NOTE_PUT, "INSERT INTO note VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET"                  \
                " value = excluded.value")                                                         \
    X(NOTE_CLAIM, "INSERT INTO note VALUES(?1, ?2) ON CONFLICT(name) DO NOTHING")                  \
    X(NOTE_GET, "SELECT value FROM note WHERE name = ?1")                                          \
    X(NOTE_DELETE, "DELETE FROM note WHERE name = ?1")                                             \
    X(NOTES, "SELECT name, value FROM note WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name")  \
    X(ENTRY_ADD, "INSERT INTO entry(kind, seq, at, who, subject, body)"                            \
                 " VALUES(?1, ?2, ?3, ?4, ?5, ?6)")                                                \
    X(ENTRIES, "SELECT seq, at, who, subject, body FROM entry WHERE kind = ?1 AND seq < ?2"        \
               " ORDER BY seq DESC LIMIT ?3")                                                      \
    X(ENTRIES_SUBJECT, "SELECT seq, at, who, subject, body FROM entry WHERE kind = ?1"             \
                       " AND seq < ?2 AND subject = ?4 ORDER BY seq DESC LIMIT ?3")                \
    X(ENTRY_FORGET, "DELETE FROM entry WHERE kind = ?1 AND subject = ?2")                          \
    X(ENTRY_DROP, "DELETE FROM entry WHERE id IN (SELECT id FROM entry WHERE kind = ?1"            \
                  " AND at < ?2 AND seq <= (SELECT value FROM meta WHERE name ="                   \
                  " 'entry/' || ?1) - ?3 ORDER BY seq LIMIT ?4)")                                  \
    X(JOB, "SELECT " JOB_COLUMNS ", l.payload" JOB_FROM " WHERE l.job = ?1")                       \
    SCHEMA_KEEPING_STATEMENTS(X)

#define SCHEMA_NAME(name, text) SQL_##name,
enum sql { SCHEMA_STATEMENTS(SCHEMA_NAME) SQL_COUNT };
#undef SCHEMA_NAME

#endif

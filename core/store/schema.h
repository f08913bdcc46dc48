/* SPDX-License-Identifier: MIT
 * The tables of the SQLite and the null store, and every statement that is run on them.
 *
 * A job's address (flow, part, off) is one integer, so that log and delivery are plain integer-key
 * tables: flow in the upper bits, then 10 bits of partition, then 38 bits of offset. */
#ifndef KOPPEL_STORE_SCHEMA_H
#define KOPPEL_STORE_SCHEMA_H

#define SCHEMA_VERSION 2
#define SCHEMA_APPLICATION 0x4b4f5050 /* "KOPP": tells our file from another program's */

#define SCHEMA_TABLES                                                                              \
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"                          \
    "CREATE TABLE flow(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parts INTEGER NOT NULL,"  \
    " cursor TEXT);"                                                                               \
    "CREATE TABLE part(flow INTEGER NOT NULL REFERENCES flow(id), part INTEGER NOT NULL,"           \
    " head INTEGER NOT NULL DEFAULT 0, cursor INTEGER NOT NULL DEFAULT 0,"                         \
    " PRIMARY KEY(flow, part)) WITHOUT ROWID;"                                                     \
    "CREATE TABLE log(job INTEGER PRIMARY KEY, at INTEGER NOT NULL, version INTEGER NOT NULL,"      \
    " key TEXT NOT NULL, payload BLOB);"                                                           \
    "CREATE INDEX log_at ON log(at);"                                                              \
    "CREATE TABLE delivery(job INTEGER PRIMARY KEY, state INTEGER NOT NULL,"                       \
    " attempt INTEGER NOT NULL, finished INTEGER, reason TEXT NOT NULL DEFAULT '', detail TEXT,"    \
    " remote_id TEXT);"                                                                            \
    "CREATE TABLE aside(flow INTEGER NOT NULL, key TEXT NOT NULL, part INTEGER NOT NULL,"           \
    " job INTEGER NOT NULL, state INTEGER NOT NULL, next_at INTEGER NOT NULL,"                     \
    " PRIMARY KEY(flow, key)) WITHOUT ROWID;"                                                      \
    "CREATE INDEX aside_due ON aside(flow, part, state, next_at);"                                 \
    "CREATE TABLE tally(flow INTEGER NOT NULL, state INTEGER NOT NULL, reason TEXT NOT NULL,"       \
    " n INTEGER NOT NULL, PRIMARY KEY(flow, state, reason)) WITHOUT ROWID;"                        \
    "CREATE TABLE activity(job INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL,"    \
    " steps BLOB, PRIMARY KEY(job, attempt)) WITHOUT ROWID;"                                       \
    "CREATE TABLE scope(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"                       \
    "CREATE TABLE link(scope INTEGER NOT NULL REFERENCES scope(id), key TEXT NOT NULL, id TEXT,"    \
    " alias TEXT, digest TEXT, version INTEGER NOT NULL, closed INTEGER NOT NULL,"                 \
    " PRIMARY KEY(scope, key)) WITHOUT ROWID;"                                                     \
    "CREATE TABLE sealed(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"               \
    "CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"

#define JOB_COLUMNS                                                                                \
    "l.job, l.key, coalesce(d.state, 0), coalesce(d.attempt, 0), l.at, d.finished, a.next_at,"      \
    " d.reason, d.detail, d.remote_id"
#define JOB_ASIDE " LEFT JOIN aside a ON a.flow = (l.job >> 48) AND a.key = l.key AND a.job = l.job"

/* Version 2: what was last read of each key of a source that lists everything each time. job is the
 * log entry that holds it; the digest is "" once the key is gone. */
#define SCHEMA_SEEN                                                                                \
    "CREATE TABLE seen(flow INTEGER NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL,"            \
    " job INTEGER NOT NULL, PRIMARY KEY(flow, key)) WITHOUT ROWID;"

/* name, text: states are written as numbers of enum job_state (1 sending, 3 skipped, 4 parked,
 * 5 waiting). */
#define SCHEMA_STATEMENTS(X)                                                                       \
    X(BEGIN, "BEGIN IMMEDIATE")                                                                    \
    X(COMMIT, "COMMIT")                                                                            \
    X(ROLLBACK, "ROLLBACK")                                                                        \
    X(SAVEPOINT, "SAVEPOINT task")                                                                 \
    X(UNDO, "ROLLBACK TO task")                                                                    \
    X(RELEASE, "RELEASE task")                                                                     \
    X(META_GET, "SELECT value FROM meta WHERE name = ?1")                                          \
    X(META_PUT, "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET"                  \
                " value = excluded.value")                                                         \
    X(FLOW_GET, "SELECT id, parts, cursor FROM flow WHERE name = ?1")                              \
    X(FLOW_NAMES, "SELECT id, name FROM flow")                                                     \
    X(FLOW_PUT, "INSERT INTO flow(name, parts) VALUES(?1, ?2)"                                     \
                " ON CONFLICT(name) DO UPDATE SET parts = excluded.parts")                         \
    X(FLOW_CURSOR, "UPDATE flow SET cursor = ?2 WHERE id = ?1")                                    \
    X(FLOW_OPEN, "SELECT (SELECT count(*) FROM part WHERE flow = ?1 AND cursor < head)"            \
                 " + (SELECT count(*) FROM aside WHERE flow = ?1)")                                \
    X(PART_PUT, "INSERT INTO part(flow, part) VALUES(?1, ?2) ON CONFLICT DO NOTHING")              \
    X(PART_HEAD, "SELECT head FROM part WHERE flow = ?1 AND part = ?2")                            \
    X(PART_SET_HEAD, "UPDATE part SET head = ?3 WHERE flow = ?1 AND part = ?2")                    \
    X(PART_SET_CURSOR, "UPDATE part SET cursor = ?3 WHERE flow = ?1 AND part = ?2"                 \
                       " AND cursor <= ?3 AND ?3 <= head")                                         \
    X(PART_WORK, "SELECT part, cursor FROM part p WHERE flow = ?1 AND (cursor < head OR EXISTS("   \
                 "SELECT 1 FROM aside a WHERE a.flow = p.flow AND a.part = p.part AND a.state = 5" \
                 " AND a.next_at <= ?2))")                                                         \
    X(PART_READ, "SELECT coalesce(sum(head), 0) FROM part WHERE flow = ?1")                        \
    X(LOG_PUT, "INSERT INTO log(job, at, version, key, payload) VALUES(?1, ?2, ?3, ?4, ?5)")       \
    X(SEEN_GET, "SELECT digest FROM seen WHERE flow = ?1 AND key = ?2")                            \
    X(SEEN_PUT, "INSERT INTO seen VALUES(?1, ?2, ?3, ?4) ON CONFLICT(flow, key) DO UPDATE SET"     \
                " digest = excluded.digest, job = excluded.job")                                   \
    X(SEEN_ALL, "SELECT key, job FROM seen WHERE flow = ?1 AND digest <> ''")                      \
    X(UNSETTLED, "SELECT l.job, l.key, l.payload, 0 FROM part p JOIN log l ON l.job >="            \
                 " ((p.flow << 48) | (p.part << 38) | p.cursor) AND l.job <"                     \
                 " ((p.flow << 48) | (p.part << 38) | p.head) WHERE p.flow = ?1 UNION ALL"             \
                 " SELECT l.job, l.key, l.payload, a.state FROM aside a JOIN log l"                \
                 " ON l.job = a.job WHERE a.flow = ?1")                                            \
    X(LOG_READ, "SELECT l.job, l.key, l.version, l.at, l.payload, d.state, d.attempt, a.state,"    \
                " a.next_at FROM log l LEFT JOIN delivery d ON d.job = l.job"                      \
                " LEFT JOIN aside a ON a.flow = ?3 AND a.key = l.key"                              \
                " WHERE l.job >= ?1 AND l.job < ?2 ORDER BY l.job LIMIT ?4")                       \
    X(ASIDE_READ, "SELECT l.job, l.key, l.version, l.at, l.payload, d.state, d.attempt, NULL,"     \
                  " a.next_at FROM aside a JOIN log l ON l.job = a.job"                            \
                  " LEFT JOIN delivery d ON d.job = a.job WHERE a.flow = ?1 AND a.part = ?2"       \
                  " AND a.state = 5 AND a.next_at <= ?3 ORDER BY a.next_at LIMIT ?4")              \
    X(INTENT, "INSERT INTO delivery(job, state, attempt) VALUES(?1, 1, 1) ON CONFLICT(job)"        \
              " DO UPDATE SET state = 1, attempt = attempt + 1")                                   \
    X(DELIVERY_GET, "SELECT state, attempt, reason FROM delivery WHERE job = ?1")                  \
    X(DELIVERY_PUT, "INSERT OR REPLACE INTO delivery VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")          \
    X(DELIVERY_SUPERSEDE, "UPDATE delivery SET state = 3, finished = ?2, reason = 'superseded',"   \
                          " detail = 'a newer version of the record replaced it' WHERE job = ?1")  \
    X(ASIDE_GET, "SELECT job, state FROM aside WHERE flow = ?1 AND key = ?2")                      \
    X(ASIDE_PUT, "INSERT INTO aside VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(flow, key)"         \
                 " DO UPDATE SET job = excluded.job, state = excluded.state, part = excluded.part,"\
                 " next_at = excluded.next_at")                                                    \
    X(ASIDE_DELETE, "DELETE FROM aside WHERE flow = ?1 AND key = ?2")                              \
    X(ASIDE_NEXT, "SELECT min((SELECT min(next_at) FROM aside a WHERE a.flow = p.flow"             \
                  " AND a.part = p.part AND a.state = 5)) FROM part p WHERE p.flow = ?1")          \
    X(ASIDE_PICK, "SELECT a.flow, d.reason, count(*) FROM aside a JOIN delivery d ON d.job = a.job"\
                  " WHERE a.state = 4 AND (?1 IS NULL OR a.flow = ?1) AND (?2 < 0 OR a.job = ?2)"  \
                  " GROUP BY a.flow, d.reason")                                                    \
    X(DELIVERY_RETRY, "UPDATE delivery SET state = 5, finished = NULL WHERE state = 4 AND job IN ("\
                      "SELECT job FROM aside WHERE state = 4 AND (?1 IS NULL OR flow = ?1)"        \
                      " AND (?2 < 0 OR job = ?2))")                                                \
    X(ASIDE_RETRY, "UPDATE aside SET state = 5, next_at = ?3 WHERE (?1 IS NULL OR flow = ?1)"      \
                   " AND (?2 < 0 OR job = ?2)")                                                    \
    X(TALLY_ADD, "INSERT INTO tally VALUES(?1, ?2, ?3, ?4) ON CONFLICT(flow, state, reason)"       \
                 " DO UPDATE SET n = n + excluded.n")                                              \
    X(TALLY_SUM, "SELECT state, sum(n) FROM tally WHERE flow = ?1 GROUP BY state")                 \
    X(TALLY_ALL, "SELECT state, reason, n FROM tally WHERE flow = ?1 AND n <> 0"                   \
                 " ORDER BY state, reason")                                                        \
    X(ACTIVITY_PUT, "INSERT OR REPLACE INTO activity VALUES(?1, ?2, ?3, ?4)")                      \
    X(ACTIVITY_GET, "SELECT at, attempt, steps FROM activity WHERE job = ?1 ORDER BY attempt")     \
    X(SCOPE_PUT, "INSERT INTO scope(name) VALUES(?1) ON CONFLICT DO NOTHING")                      \
    X(LINK_PUT, "INSERT INTO link VALUES((SELECT id FROM scope WHERE name = ?1), ?2, ?3, ?4, ?5,"  \
                " ?6, ?7) ON CONFLICT(scope, key) DO UPDATE SET"                                   \
                " alias = CASE WHEN coalesce(excluded.id, link.id) IS link.id"                     \
                " THEN coalesce(excluded.alias, link.alias) ELSE excluded.alias END,"              \
                " id = coalesce(excluded.id, link.id), digest = excluded.digest,"                  \
                " version = excluded.version, closed = excluded.closed")                           \
    X(LINK_GET, "SELECT l.id, l.alias, l.digest, l.version, l.closed FROM link l JOIN scope s"     \
                " ON s.id = l.scope WHERE s.name = ?1 AND l.key = ?2")                             \
    X(SEALED_PUT, "INSERT INTO sealed VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET"              \
                  " value = excluded.value")                                                       \
    X(SEALED_GET, "SELECT value FROM sealed WHERE name = ?1")                                      \
    X(NOTE_PUT, "INSERT INTO note VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET"                  \
                " value = excluded.value")                                                         \
    X(NOTE_CLAIM, "INSERT INTO note VALUES(?1, ?2) ON CONFLICT(name) DO NOTHING")                  \
    X(NOTE_GET, "SELECT value FROM note WHERE name = ?1")                                          \
    X(NOTE_DELETE, "DELETE FROM note WHERE name = ?1")                                             \
    X(NOTES, "SELECT name, value FROM note WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name")  \
    X(JOBS, "SELECT " JOB_COLUMNS " FROM log l LEFT JOIN delivery d ON d.job = l.job" JOB_ASIDE    \
            " WHERE (?1 IS NULL OR (l.job >> 48) = ?1) AND (?2 < 0 OR coalesce(d.state, 0) = ?2)"  \
            " ORDER BY l.at DESC, l.job DESC LIMIT ?3")                                            \
    X(JOBS_ASIDE, "SELECT " JOB_COLUMNS " FROM aside a JOIN log l ON l.job = a.job"                \
                  " JOIN delivery d ON d.job = a.job WHERE (?1 IS NULL OR a.flow = ?1)"            \
                  " AND d.state = ?2 ORDER BY l.at DESC, l.job DESC LIMIT ?3")                     \
    X(JOB, "SELECT " JOB_COLUMNS ", l.payload FROM log l LEFT JOIN delivery d ON d.job = l.job"    \
           JOB_ASIDE " WHERE l.job = ?1")

#define SCHEMA_NAME(name, text) SQL_##name,
enum sql { SCHEMA_STATEMENTS(SCHEMA_NAME) SQL_COUNT };
#undef SCHEMA_NAME

#endif

/* SPDX-License-Identifier: MIT
 * What is kept so that jobs can be looked at, beside what delivers them: causes, history, words.
 * The rest of the tables is in schema.h, which includes this. */
#ifndef KOPPEL_STORE_SCHEMA_LOOK_H
#define KOPPEL_STORE_SCHEMA_LOOK_H

/* cause: how many jobs stand aside for it, parked and waiting, and since when. Triggers count, as a
 * row of aside changes in many places; a cause that nothing has any more is gone. Its words are
 * those of its jobs.
 * history: what happened in a span of time that begins at `at` and is `step` ms long.
 * word: which jobs of a segment have a word (its keyed hash): seq, and behind it in `more` what
 * others of the same slice are on from it, two bytes each. word_job: segment << 20 | seq is which
 * job. A segment is complete with SEGMENT_JOBS of sql_words.c. word_again: jobs that were
 * settled anew, before lease.indexed, with other words.
 * patch: what a person made of a job's record. */
#define SCHEMA_TABLES_LOOK                                                                         \
    "CREATE TABLE cause(id INTEGER PRIMARY KEY, flow INTEGER NOT NULL, reason TEXT NOT NULL,"      \
    " parked INTEGER NOT NULL, waiting INTEGER NOT NULL, first INTEGER NOT NULL,"                  \
    " last INTEGER NOT NULL);"                                                                     \
    "CREATE INDEX cause_parked ON cause(parked, last);"                                            \
    "CREATE TRIGGER aside_in AFTER INSERT ON aside WHEN NEW.cause <> 0 BEGIN"                      \
    " UPDATE cause SET parked = parked + (NEW.state = 3), waiting = waiting + (NEW.state = 4)"     \
    " WHERE id = NEW.cause; END;"                                                                  \
    "CREATE TRIGGER aside_out AFTER DELETE ON aside WHEN OLD.cause <> 0 BEGIN"                     \
    " UPDATE cause SET parked = parked - (OLD.state = 3), waiting = waiting - (OLD.state = 4)"     \
    " WHERE id = OLD.cause;"                                                                       \
    " DELETE FROM cause WHERE id = OLD.cause AND parked + waiting = 0; END;"                       \
    "CREATE TRIGGER aside_change AFTER UPDATE OF cause, state ON aside"                            \
    " WHEN NEW.cause <> OLD.cause OR NEW.state <> OLD.state BEGIN"                                 \
    " UPDATE cause SET parked = parked + (NEW.state = 3), waiting = waiting + (NEW.state = 4)"     \
    " WHERE id = NEW.cause;"                                                                       \
    " UPDATE cause SET parked = parked - (OLD.state = 3), waiting = waiting - (OLD.state = 4)"     \
    " WHERE id = OLD.cause;"                                                                       \
    " DELETE FROM cause WHERE id = OLD.cause AND parked + waiting = 0; END;"                       \
    "CREATE TABLE history(step INTEGER NOT NULL, flow INTEGER NOT NULL, at INTEGER NOT NULL,"      \
    " read INTEGER NOT NULL, done INTEGER NOT NULL, skipped INTEGER NOT NULL,"                     \
    " parked INTEGER NOT NULL, PRIMARY KEY(step, flow, at)) WITHOUT ROWID;"                        \
    "CREATE TABLE word(segment INTEGER NOT NULL, word INTEGER NOT NULL, seq INTEGER NOT NULL,"     \
    " more BLOB, PRIMARY KEY(segment, word, seq)) WITHOUT ROWID;"                                  \
    "CREATE TABLE word_job(id INTEGER PRIMARY KEY, job INTEGER NOT NULL, at INTEGER NOT NULL);"    \
    "CREATE TABLE segment(id INTEGER PRIMARY KEY, jobs INTEGER NOT NULL, low INTEGER NOT NULL,"    \
    " high INTEGER NOT NULL);"                                                                     \
    "CREATE TABLE word_again(job INTEGER PRIMARY KEY);"                                            \
    "CREATE TABLE patch(job INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL,"          \
    " why BLOB, body BLOB NOT NULL);"

/* When the oldest job was accepted that stands aside in this state. */
#define STANDING_ASIDE(state)                                                                      \
    " min((SELECT j.at FROM aside a CROSS JOIN log j ON j.job = a.job WHERE a.state = " state      \
    " AND a.job >= (l.flow << 48) + (l.part << 38)"                                                \
    " AND a.job < (l.flow << 48) + ((l.part + 1) << 38) ORDER BY a.job LIMIT 1))"

#define SCHEMA_STATEMENTS_LOOK(X)                                                                  \
    X(CAUSE_PUT, "INSERT INTO cause VALUES(?1, ?2, ?3, 0, 0, ?4, ?4) ON CONFLICT(id)"              \
                 " DO UPDATE SET last = excluded.last")                                            \
    X(CAUSES, "SELECT c.id, f.name, c.reason, c.parked, c.waiting, c.first, c.last,"               \
              " coalesce((SELECT max(job) FROM aside a WHERE a.cause = c.id AND a.cause <> 0), 0)" \
              " FROM cause c JOIN flow f ON f.id = c.flow WHERE (?1 IS NULL OR c.flow = ?1)"       \
              " ORDER BY c.parked DESC, c.last DESC LIMIT ?2")                                     \
    X(CAUSE_STANDS, "SELECT 1 FROM cause WHERE id = ?1")                                           \
    X(HISTORY_ADD, "INSERT INTO history VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(step,"      \
                   " flow, at) DO UPDATE SET read = history.read + excluded.read, done ="          \
                   " history.done + excluded.done, skipped = history.skipped +"                    \
                   " excluded.skipped, parked = history.parked + excluded.parked")                 \
    X(HISTORY_ROLL, "INSERT INTO history SELECT ?2, flow, at - at % ?2, sum(read), sum(done),"     \
                    " sum(skipped), sum(parked) FROM history WHERE step = ?1 AND at < ?3 GROUP"    \
                    " BY flow, at - at % ?2 ON CONFLICT(step, flow, at) DO UPDATE SET read ="      \
                    " history.read + excluded.read, done = history.done + excluded.done,"          \
                    " skipped = history.skipped + excluded.skipped, parked = history.parked +"     \
                    " excluded.parked")                                                            \
    X(HISTORY_ROLLED, "DELETE FROM history WHERE step = ?1 AND at < ?2")                           \
    X(HISTORY, "SELECT f.name, h.at, h.step, h.read, h.done, h.skipped, h.parked FROM history h"   \
               " JOIN flow f ON f.id = h.flow WHERE h.step IN (900000, 3600000, 86400000)"         \
               " AND (?1 IS NULL OR h.flow = ?1) AND h.at >= ?2 AND h.at < ?3"                     \
               " ORDER BY h.at, f.name")                                                           \
    X(WORD_SEGMENT, "SELECT id, jobs, low, high FROM segment ORDER BY id DESC LIMIT 1")            \
    X(WORD_SEGMENT_PUT, "INSERT INTO segment VALUES(?1, ?2, ?3, ?4) ON CONFLICT(id) DO UPDATE"     \
                        " SET jobs = excluded.jobs, low = excluded.low, high = excluded.high")     \
    X(WORD_BEHIND, "SELECT flow, part, indexed, cursor FROM lease WHERE indexed < cursor")         \
    X(WORD_INDEXED, "UPDATE lease SET indexed = ?3 WHERE flow = ?1 AND part = ?2")                 \
    X(WORD_NEXT, "SELECT d.job, d.hashes, l.at FROM delivery d JOIN log l ON l.job = d.job"        \
                 " WHERE d.job >= ?1 AND d.job < ?2 ORDER BY d.job LIMIT ?3")                      \
    X(WORD_CHANGED, "INSERT INTO word_again SELECT job FROM delivery WHERE job = ?1"               \
                    " AND hashes IS DISTINCT FROM ?2 ON CONFLICT DO NOTHING")                      \
    X(WORD_AGAIN, "SELECT g.job, d.hashes, l.at FROM word_again g JOIN delivery d USING(job)"      \
                  " JOIN log l USING(job) ORDER BY g.job LIMIT ?1")                                \
    X(WORD_AGAIN_DONE, "DELETE FROM word_again WHERE job <= ?1")                                   \
    X(WORD_PUT, "INSERT INTO word VALUES(?1, ?2, ?3, ?4)")                                         \
    X(WORD_JOB_PUT, "INSERT INTO word_job VALUES(?1, ?2, ?3)")                                     \
    X(WORD_SEGMENTS, "SELECT id, high FROM segment WHERE low <= ?1 AND high >= ?2"                 \
                     " ORDER BY high DESC, id DESC")                                               \
    X(WORD_SEQS, "SELECT seq, more FROM word WHERE segment = ?1 AND word = ?2 ORDER BY seq")       \
    X(WORD_JOBS, "SELECT job, at, id FROM word_job WHERE id >= ?1 AND id <= ?2 ORDER BY id")       \
    X(WORD_JOB, "SELECT job, at FROM word_job WHERE id = ?1")                                      \
    X(WORD_OF, "SELECT d.hashes, l.at FROM delivery d JOIN log l USING(job) WHERE d.job = ?1")     \
    X(WORD_ROW, "SELECT seq, more FROM word WHERE segment = ?1 AND word = ?2 AND seq <= ?3"        \
                " ORDER BY seq DESC LIMIT 1")                                                      \
    X(WORD_DROP, "DELETE FROM word WHERE segment = ?1 AND word = ?2 AND seq = ?3")                 \
    X(WORD_JOB_DROP, "DELETE FROM word_job WHERE id = ?1")                                         \
    X(WORD_SEGMENT_DROP, "DELETE FROM segment WHERE id = ?1 AND id < (SELECT max(id) FROM"         \
                         " segment) AND NOT EXISTS(SELECT 1 FROM word_job w WHERE w.id >= ?1 <<"   \
                         " 20 AND w.id < (?1 + 1) << 20)")                                         \
    X(WORD_AGAIN_DROP, "DELETE FROM word_again WHERE job = ?1")                                    \
    X(PATCH_PUT, "INSERT INTO patch VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(job) DO UPDATE SET"     \
                 " at = excluded.at, who = excluded.who, why = excluded.why, body ="               \
                 " excluded.body")                                                                 \
    X(PATCH_GET, "SELECT body, who, why FROM patch WHERE job = ?1")                                \
    X(PATCH_DROP, "DELETE FROM patch WHERE job = ?1")                                              \
    X(HAND_END, "UPDATE delivery SET state = ?2, attempt = attempt + 1, epoch = 0, finished = ?3," \
                " reason = ?4, words = ?5, remote_id = coalesce(?6, remote_id), steps = ?7"        \
                " WHERE job = ?1")                                                                 \
    X(STANDING, "SELECT max((SELECT at FROM head h WHERE h.flow = l.flow AND h.part = l.part)),"   \
                " min((SELECT at FROM log WHERE job >= (l.flow << 48) + (l.part << 38)"            \
                " + l.cursor AND job < (l.flow << 48) + ((l.part + 1) << 38)"                      \
                " ORDER BY job LIMIT 1)),"                                                         \
                STANDING_ASIDE("4") "," STANDING_ASIDE("3") ","                                    \
                " (SELECT count(*) FROM cause WHERE flow = ?1 AND parked > 0)"                     \
                " FROM lease l WHERE l.flow = ?1")                                                 \
    X(TAIL_PARTS, "SELECT h.flow, h.part, h.head, l.cursor FROM head h JOIN lease l"               \
                  " USING(flow, part) WHERE h.head > 0 AND (?1 IS NULL OR h.flow = ?1)")           \
    X(TAIL_LOG, "SELECT job, at FROM log WHERE job >= ?1 AND job < ?2 ORDER BY job DESC LIMIT 1")  \
    X(TAIL_ASIDE, "SELECT a.job, l.at FROM aside a CROSS JOIN log l ON l.job = a.job"              \
                  " WHERE a.state = ?3 AND a.job >= ?1 AND a.job < ?2"                             \
                  " ORDER BY a.job DESC LIMIT 1")                                                  \
    X(TAIL_CAUSE, "SELECT a.job, l.at FROM aside a CROSS JOIN log l ON l.job = a.job"              \
                  " WHERE a.cause = ?3 AND a.cause <> 0 AND a.job >= ?1 AND a.job < ?2"            \
                  " ORDER BY a.job DESC LIMIT 1")                                                  \
    X(TAIL_FROM, "SELECT job, at FROM log WHERE job >= ?1 AND job < ?2 ORDER BY job LIMIT 1")      \
    X(PAGE_TIME, "SELECT job, at FROM log WHERE (at, job) < (?1, ?2) ORDER BY at DESC, job DESC")  \
    X(PAGE_KEY, "SELECT job, at FROM log WHERE key = ?3 AND (at, job) < (?1, ?2)"                  \
                " ORDER BY at DESC, job DESC")                                                     \
    X(PAGE_STATE, "SELECT state, reason FROM delivery WHERE job = ?1")                             \
    X(PAGE_CAUSE, "SELECT 1 FROM aside WHERE cause = ?1 AND cause <> 0 AND job = ?2")              \
    X(PAGE_PICK, "SELECT l.key, f.name, coalesce(a.cause, 0) FROM log l"                           \
                 " JOIN flow f ON f.id = (l.job >> 48) LEFT JOIN aside a ON a.flow = f.id"         \
                 " AND a.key = l.key AND a.job = l.job WHERE l.job = ?1")

#endif

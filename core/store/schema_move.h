/* SPDX-License-Identifier: MIT
 * The statements that take a store from one database to another: a part of schema.h, which includes
 * it. Of each table some rows behind a key, in the order of the key; a row; and the last key. */
#ifndef KOPPEL_STORE_SCHEMA_MOVE_H
#define KOPPEL_STORE_SCHEMA_MOVE_H

#define SCHEMA_MOVE_STATEMENTS(X)                                                                  \
    X(MOVE_READ_META, "SELECT name, value FROM meta WHERE name > ?1 ORDER BY name LIMIT ?2")       \
    X(MOVE_PUT_META, "INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE"    \
                     " SET value = excluded.value")                                                \
    X(MOVE_LAST_META, "SELECT name FROM meta ORDER BY name DESC LIMIT 1")                          \
    X(MOVE_READ_FLOW, "SELECT id, name, parts, rev FROM flow WHERE id > ?1 ORDER BY id LIMIT ?2")  \
    X(MOVE_PUT_FLOW, "INSERT INTO flow(id, name, parts, rev) VALUES(?1, ?2, ?3, ?4)")              \
    X(MOVE_LAST_FLOW, "SELECT id FROM flow ORDER BY id DESC LIMIT 1")                              \
    X(MOVE_READ_SOURCE, "SELECT flow, cursor, epoch, until, doubt FROM source WHERE flow > ?1"     \
                        " ORDER BY flow LIMIT ?2")                                                 \
    X(MOVE_PUT_SOURCE, "INSERT INTO source(flow, cursor, epoch, until, doubt) VALUES(?1, ?2,"      \
                       " ?3, ?4, ?5)")                                                             \
    X(MOVE_LAST_SOURCE, "SELECT flow FROM source ORDER BY flow DESC LIMIT 1")                      \
    X(MOVE_READ_HEAD, "SELECT flow, part, head, at FROM head WHERE (flow, part) > (?1, ?2)"        \
                      " ORDER BY flow, part LIMIT ?3")                                             \
    X(MOVE_PUT_HEAD, "INSERT INTO head(flow, part, head, at) VALUES(?1, ?2, ?3, ?4)")              \
    X(MOVE_LAST_HEAD, "SELECT flow, part FROM head ORDER BY flow DESC, part DESC LIMIT 1")         \
    X(MOVE_READ_LEASE, "SELECT flow, part, cursor, epoch, until, taken, indexed, wanted FROM"      \
                       " lease WHERE (flow, part) > (?1, ?2) ORDER BY flow, part LIMIT ?3")        \
    X(MOVE_PUT_LEASE, "INSERT INTO lease(flow, part, cursor, epoch, until, taken, indexed,"        \
                      " wanted) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                           \
    X(MOVE_LAST_LEASE, "SELECT flow, part FROM lease ORDER BY flow DESC, part DESC LIMIT 1")       \
    X(MOVE_READ_LOG, "SELECT job, at, version, run, key, doubt, payload FROM log WHERE job > ?1"   \
                     " ORDER BY job LIMIT ?2")                                                     \
    X(MOVE_PUT_LOG, "INSERT INTO log(job, at, version, run, key, doubt, payload) VALUES(?1, ?2,"   \
                    " ?3, ?4, ?5, ?6, ?7)")                                                        \
    X(MOVE_LAST_LOG, "SELECT job FROM log ORDER BY job DESC LIMIT 1")                              \
    X(MOVE_READ_DELIVERY, "SELECT job, state, attempt, epoch, finished, run, reason, words,"       \
                          " remote_id, hashes, steps FROM delivery WHERE job > ?1 ORDER BY job"    \
                          " LIMIT ?2")                                                             \
    X(MOVE_PUT_DELIVERY, "INSERT INTO delivery(job, state, attempt, epoch, finished, run,"         \
                         " reason, words, remote_id, hashes, steps) VALUES(?1, ?2, ?3, ?4, ?5,"    \
                         " ?6, ?7, ?8, ?9, ?10, ?11)")                                             \
    X(MOVE_LAST_DELIVERY, "SELECT job FROM delivery ORDER BY job DESC LIMIT 1")                    \
    X(MOVE_READ_ATTEMPT, "SELECT job, attempt, at, steps FROM attempt WHERE (job, attempt) >"      \
                         " (?1, ?2) ORDER BY job, attempt LIMIT ?3")                               \
    X(MOVE_PUT_ATTEMPT, "INSERT INTO attempt(job, attempt, at, steps) VALUES(?1, ?2, ?3, ?4)")     \
    X(MOVE_LAST_ATTEMPT, "SELECT job, attempt FROM attempt ORDER BY job DESC, attempt DESC"        \
                         " LIMIT 1")                                                               \
    X(MOVE_READ_ASIDE, "SELECT flow, key, part, job, state, due, retried, reason, cause FROM"      \
                       " aside WHERE (flow, key) > (?1, ?2) ORDER BY flow, key LIMIT ?3")          \
    X(MOVE_PUT_ASIDE, "INSERT INTO aside(flow, key, part, job, state, due, retried, reason,"       \
                      " cause) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                        \
    X(MOVE_LAST_ASIDE, "SELECT flow, key FROM aside ORDER BY flow DESC, key DESC LIMIT 1")         \
    X(MOVE_READ_CAUSE, "SELECT id, flow, reason, parked, waiting, first, last FROM cause WHERE"    \
                       " id > ?1 ORDER BY id LIMIT ?2")                                            \
    X(MOVE_PUT_CAUSE, "INSERT INTO cause(id, flow, reason, parked, waiting, first, last)"          \
                      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                       \
    X(MOVE_LAST_CAUSE, "SELECT id FROM cause ORDER BY id DESC LIMIT 1")                            \
    X(MOVE_READ_TALLY, "SELECT flow, part, state, reason, n FROM tally WHERE (flow, part,"         \
                       " state, reason) > (?1, ?2, ?3, ?4) ORDER BY flow, part, state, reason"     \
                       " LIMIT ?5")                                                                \
    X(MOVE_PUT_TALLY, "INSERT INTO tally(flow, part, state, reason, n) VALUES(?1, ?2, ?3, ?4,"     \
                      " ?5)")                                                                      \
    X(MOVE_LAST_TALLY, "SELECT flow, part, state, reason FROM tally ORDER BY flow DESC, part"      \
                       " DESC, state DESC, reason DESC LIMIT 1")                                   \
    X(MOVE_READ_SCOPE, "SELECT id, name FROM scope WHERE id > ?1 ORDER BY id LIMIT ?2")            \
    X(MOVE_PUT_SCOPE, "INSERT INTO scope(id, name) VALUES(?1, ?2)")                                \
    X(MOVE_LAST_SCOPE, "SELECT id FROM scope ORDER BY id DESC LIMIT 1")                            \
    X(MOVE_READ_LINK, "SELECT scope, key, state, id, alias, digest, version, chain, adopted,"      \
                      " closed, write, ref, ikey, begun_digest, begun_version, paper, unseen,"     \
                      " flow, part, epoch FROM link WHERE (scope, key) > (?1, ?2) ORDER BY"        \
                      " scope, key LIMIT ?3")                                                      \
    X(MOVE_PUT_LINK, "INSERT INTO link(scope, key, state, id, alias, digest, version, chain,"      \
                     " adopted, closed, write, ref, ikey, begun_digest, begun_version, paper,"     \
                     " unseen, flow, part, epoch) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"      \
                     " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)")                    \
    X(MOVE_LAST_LINK, "SELECT scope, key FROM link ORDER BY scope DESC, key DESC LIMIT 1")         \
    X(MOVE_READ_DOCUMENT, "SELECT id, scope, key, body FROM document WHERE id > ?1 ORDER BY id"    \
                          " LIMIT ?2")                                                             \
    X(MOVE_PUT_DOCUMENT, "INSERT INTO document(id, scope, key, body) VALUES(?1, ?2, ?3, ?4)")      \
    X(MOVE_LAST_DOCUMENT, "SELECT id FROM document ORDER BY id DESC LIMIT 1")                      \
    X(MOVE_READ_SEEN, "SELECT flow, key, digest, job, listed FROM seen WHERE (flow, key) > (?1,"   \
                      " ?2) ORDER BY flow, key LIMIT ?3")                                          \
    X(MOVE_PUT_SEEN, "INSERT INTO seen(flow, key, digest, job, listed) VALUES(?1, ?2, ?3, ?4,"     \
                     " ?5)")                                                                       \
    X(MOVE_LAST_SEEN, "SELECT flow, key FROM seen ORDER BY flow DESC, key DESC LIMIT 1")           \
    X(MOVE_READ_SEALED, "SELECT name, value, rev FROM sealed WHERE name > ?1 ORDER BY name"        \
                        " LIMIT ?2")                                                               \
    X(MOVE_PUT_SEALED, "INSERT INTO sealed(name, value, rev) VALUES(?1, ?2, ?3)")                  \
    X(MOVE_LAST_SEALED, "SELECT name FROM sealed ORDER BY name DESC LIMIT 1")                      \
    X(MOVE_READ_NOTE, "SELECT name, value FROM note WHERE name > ?1 ORDER BY name LIMIT ?2")       \
    X(MOVE_PUT_NOTE, "INSERT INTO note(name, value) VALUES(?1, ?2)")                               \
    X(MOVE_LAST_NOTE, "SELECT name FROM note ORDER BY name DESC LIMIT 1")                          \
    X(MOVE_READ_ENTRY, "SELECT id, kind, seq, at, who, subject, body FROM entry WHERE id > ?1"     \
                       " ORDER BY id LIMIT ?2")                                                    \
    X(MOVE_PUT_ENTRY, "INSERT INTO entry(id, kind, seq, at, who, subject, body) VALUES(?1, ?2,"    \
                      " ?3, ?4, ?5, ?6, ?7)")                                                      \
    X(MOVE_LAST_ENTRY, "SELECT id FROM entry ORDER BY id DESC LIMIT 1")                            \
    X(MOVE_READ_PATCH, "SELECT job, at, who, why, body FROM patch WHERE job > ?1 ORDER BY job"     \
                       " LIMIT ?2")                                                                \
    X(MOVE_PUT_PATCH, "INSERT INTO patch(job, at, who, why, body) VALUES(?1, ?2, ?3, ?4, ?5)")     \
    X(MOVE_LAST_PATCH, "SELECT job FROM patch ORDER BY job DESC LIMIT 1")                          \
    X(MOVE_READ_KEPT, "SELECT slot, skipped, done, rows FROM kept WHERE slot > ?1 ORDER BY slot"   \
                      " LIMIT ?2")                                                                 \
    X(MOVE_PUT_KEPT, "INSERT INTO kept(slot, skipped, done, rows) VALUES(?1, ?2, ?3, ?4)")         \
    X(MOVE_LAST_KEPT, "SELECT slot FROM kept ORDER BY slot DESC LIMIT 1")                          \
    X(MOVE_READ_LATE, "SELECT job FROM late WHERE job > ?1 ORDER BY job LIMIT ?2")                 \
    X(MOVE_PUT_LATE, "INSERT INTO late(job) VALUES(?1)")                                           \
    X(MOVE_LAST_LATE, "SELECT job FROM late ORDER BY job DESC LIMIT 1")                            \
    X(MOVE_READ_HISTORY, "SELECT step, flow, at, read, done, skipped, parked FROM history WHERE"   \
                         " (step, flow, at) > (?1, ?2, ?3) ORDER BY step, flow, at LIMIT ?4")      \
    X(MOVE_PUT_HISTORY, "INSERT INTO history(step, flow, at, read, done, skipped, parked)"         \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                     \
    X(MOVE_LAST_HISTORY, "SELECT step, flow, at FROM history ORDER BY step DESC, flow DESC, at"    \
                         " DESC LIMIT 1")                                                          \
    X(MOVE_READ_WORD, "SELECT segment, word, seq, more FROM word WHERE (segment, word, seq) >"     \
                      " (?1, ?2, ?3) ORDER BY segment, word, seq LIMIT ?4")                        \
    X(MOVE_PUT_WORD, "INSERT INTO word(segment, word, seq, more) VALUES(?1, ?2, ?3, ?4)")          \
    X(MOVE_LAST_WORD, "SELECT segment, word, seq FROM word ORDER BY segment DESC, word DESC,"      \
                      " seq DESC LIMIT 1")                                                         \
    X(MOVE_READ_WORD_JOB, "SELECT id, job, at FROM word_job WHERE id > ?1 ORDER BY id LIMIT ?2")   \
    X(MOVE_PUT_WORD_JOB, "INSERT INTO word_job(id, job, at) VALUES(?1, ?2, ?3)")                   \
    X(MOVE_LAST_WORD_JOB, "SELECT id FROM word_job ORDER BY id DESC LIMIT 1")                      \
    X(MOVE_READ_SEGMENT, "SELECT id, jobs, low, high FROM segment WHERE id > ?1 ORDER BY id"       \
                         " LIMIT ?2")                                                              \
    X(MOVE_PUT_SEGMENT, "INSERT INTO segment(id, jobs, low, high) VALUES(?1, ?2, ?3, ?4)")         \
    X(MOVE_LAST_SEGMENT, "SELECT id FROM segment ORDER BY id DESC LIMIT 1")                        \
    X(MOVE_READ_WORD_AGAIN, "SELECT job FROM word_again WHERE job > ?1 ORDER BY job LIMIT ?2")     \
    X(MOVE_PUT_WORD_AGAIN, "INSERT INTO word_again(job) VALUES(?1)")                               \
    X(MOVE_LAST_WORD_AGAIN, "SELECT job FROM word_again ORDER BY job DESC LIMIT 1")                \
    X(MOVE_NUMBERS, "SELECT 1")                                                                    \
    X(META_DROP, "DELETE FROM meta WHERE name = ?1")

#endif

/* SPDX-License-Identifier: MIT
 * What retention keeps of its own, and its statements and those of backups: a part of schema.h,
 * which includes it.
 *
 * kept: per partition (the upper bits of its jobs' numbers), the first job that retention has not
 * looked at yet, for each of its three ages. late: jobs before that which had not ended by then, or
 * not long enough ago; whatever leaves aside, or stops being what a list last showed, after
 * retention went by. */
#ifndef KOPPEL_STORE_SCHEMA_KEEPING_H
#define KOPPEL_STORE_SCHEMA_KEEPING_H

#define SCHEMA_KEEPING_LATE(when)                                                                  \
    " WHEN " when "old.job < (SELECT max(skipped, done, rows) FROM kept"                           \
    " WHERE slot = old.job >> 38) BEGIN INSERT OR IGNORE INTO late VALUES(old.job); END;"

#define SCHEMA_KEEPING_TABLES                                                                      \
    "CREATE TABLE kept(slot INTEGER PRIMARY KEY, skipped INTEGER NOT NULL DEFAULT 0,"              \
    " done INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0);"                          \
    "CREATE TABLE late(job INTEGER PRIMARY KEY);"                                                  \
    "CREATE TRIGGER aside_gone AFTER DELETE ON aside" SCHEMA_KEEPING_LATE("")                      \
    "CREATE TRIGGER aside_other AFTER UPDATE OF job ON aside"                                      \
    SCHEMA_KEEPING_LATE("old.job <> new.job AND ")                                                 \
    "CREATE TRIGGER seen_other AFTER UPDATE OF job ON seen"                                        \
    SCHEMA_KEEPING_LATE("old.job <> new.job AND ")

#define SCHEMA_KEEPING_COLUMNS                                                                     \
    "l.job, l.at, d.state, d.finished, s.job IS NOT NULL, coalesce(length(l.payload), 0)"          \
    " + coalesce(length(d.words), 0) + coalesce(length(d.steps), 0)"                               \
    " + coalesce((SELECT sum(length(steps)) FROM attempt WHERE job = l.job), 0)"
#define SCHEMA_KEEPING_JOIN                                                                        \
    " LEFT JOIN delivery d ON d.job = l.job LEFT JOIN seen s ON s.flow = (l.job >> 48)"            \
    " AND s.key = l.key AND s.job = l.job AND s.listed <> 0 AND s.digest <> ''"

/* States of jobs and writes stand here as the numbers of their enums, as in schema.h. */
#define SCHEMA_KEEPING_STATEMENTS(X)                                                               \
    X(KEEP_SLOT, "SELECT l.flow, l.part, l.cursor, coalesce(k.skipped, 0), coalesce(k.done, 0),"   \
                 " coalesce(k.rows, 0) FROM lease l LEFT JOIN kept k"                              \
                 " ON k.slot = (l.flow << 10 | l.part) WHERE (l.flow, l.part) > (?1, ?2)"          \
                 " ORDER BY l.flow, l.part LIMIT 1")                                               \
    X(KEEP_LOOK, "SELECT " SCHEMA_KEEPING_COLUMNS ", 0 FROM log l" SCHEMA_KEEPING_JOIN             \
                 " WHERE l.job >= ?1 AND l.job < ?2 ORDER BY l.job LIMIT ?3")                      \
    X(KEEP_LATE, "SELECT " SCHEMA_KEEPING_COLUMNS ", coalesce(k.rows, 0) FROM late t"              \
                 " JOIN log l ON l.job = t.job LEFT JOIN kept k ON k.slot = t.job >> 38"           \
                 SCHEMA_KEEPING_JOIN " WHERE t.job > ?1 ORDER BY t.job LIMIT ?2")                  \
    X(KEEP_MARK, "INSERT INTO kept VALUES(?1, ?2, ?3, ?4) ON CONFLICT(slot) DO UPDATE SET"         \
                 " skipped = max(skipped, excluded.skipped), done = max(done, excluded.done),"     \
                 " rows = max(rows, excluded.rows)")                                               \
    X(KEEP_LATE_ADD, "INSERT INTO late VALUES(?1) ON CONFLICT DO NOTHING")                         \
    X(KEEP_LATE_DROP, "DELETE FROM late WHERE job = ?1")                                           \
    X(KEEP_LOG_ERASE, "UPDATE log SET job = ~job, payload = NULL WHERE job = ?1")                  \
    X(KEEP_DELIVERY_ERASE, "UPDATE delivery SET job = ~job, words = NULL, hashes = NULL,"          \
                           " steps = NULL WHERE job = ?1")                                         \
    X(KEEP_ATTEMPT_ERASE, "UPDATE attempt SET rowid = ~rowid, steps = NULL WHERE job = ?1")        \
    X(KEEP_LOG_BACK, "UPDATE log SET job = ~job WHERE job < 0")                                    \
    X(KEEP_DELIVERY_BACK, "UPDATE delivery SET job = ~job WHERE job < 0")                          \
    X(KEEP_ATTEMPT_BACK, "UPDATE attempt SET rowid = ~rowid WHERE rowid < 0")                      \
    X(KEEP_LOG_DROP, "DELETE FROM log WHERE job = ?1")                                             \
    X(KEEP_DELIVERY_DROP, "DELETE FROM delivery WHERE job = ?1")                                   \
    X(KEEP_ATTEMPT_DROP, "DELETE FROM attempt WHERE job = ?1")                                     \
    X(KEEP_DOCUMENTS, "SELECT d.id, length(d.body) FROM document d JOIN link l"                    \
                      " ON l.scope = d.scope AND l.key = d.key AND l.paper = d.id"                 \
                      " WHERE d.id > ?1 AND l.unseen <= ?2 AND NOT EXISTS(SELECT 1 FROM aside a"   \
                      " WHERE a.flow = l.flow AND a.key = l.key) ORDER BY d.id LIMIT ?3")          \
    X(KEEP_LINK_FORGET, "UPDATE link SET write = 5, paper = 0 WHERE (scope, key) ="                \
                        " (SELECT scope, key FROM document WHERE id = ?1)")                        \
    X(KEEP_FREE, "SELECT freelist_count, page_count, page_size FROM pragma_freelist_count,"        \
                 " pragma_page_count, pragma_page_size")                                           \
    X(ERASE_JOBS, "SELECT " SCHEMA_KEEPING_COLUMNS ", 0 FROM log l" SCHEMA_KEEPING_JOIN            \
                  " WHERE l.key = ?1 AND l.job >= ?2 AND l.job < ?3 ORDER BY l.job")               \
    X(ERASE_DOCUMENTS, "SELECT d.id, length(d.body) FROM document d JOIN link l"                   \
                       " ON l.scope = d.scope AND l.key = d.key AND l.paper = d.id"                \
                       " WHERE l.flow = ?1 AND l.key = ?2")                                        \
    X(TEXTS_JOBS, "SELECT l.job, l.key, l.payload, d.words, d.steps, p.body, f.name FROM log l"    \
                  " JOIN flow f ON f.id = l.job >> 48 LEFT JOIN delivery d ON d.job = l.job"       \
                  " LEFT JOIN patch p ON p.job = l.job WHERE l.job > ?1 ORDER BY l.job LIMIT ?2")  \
    X(TEXTS_ATTEMPTS, "SELECT a.rowid, a.job, l.key, a.steps, f.name FROM attempt a"               \
                      " JOIN log l ON l.job = a.job JOIN flow f ON f.id = a.job >> 48"             \
                      " WHERE a.rowid > ?1 ORDER BY a.rowid LIMIT ?2")                             \
    X(TEXTS_LINKS, "SELECT l.scope, l.key, s.name, l.id, l.alias, d.body, f.name FROM link l"      \
                   " JOIN scope s ON s.id = l.scope LEFT JOIN flow f ON f.id = l.flow"             \
                   " LEFT JOIN document d ON d.id = l.paper WHERE (l.scope, l.key) > (?1, ?2)"     \
                   " ORDER BY l.scope, l.key LIMIT ?3")                                            \
    X(BACKUP_PUT, "INSERT INTO backup VALUES(?1, ?2, ?3)")                                         \
    X(BACKUP_FILES, "SELECT name, mode, body FROM backup ORDER BY name")                           \
    X(BACKUP_ABOUT, "SELECT (SELECT count(*) FROM link), (SELECT count(*) FROM aside) +"           \
                    " (SELECT coalesce(sum(h.head - l.cursor), 0) FROM head h"                     \
                    " JOIN lease l USING(flow, part))")

#endif

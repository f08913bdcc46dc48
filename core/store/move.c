/* SPDX-License-Identifier: MIT
 * Taking a store from one database to another, table by table in the order of its keys. The target
 * has whatever is before the last key that it has, so that a move that was broken off goes on
 * there. Sealed bytes are taken as they are. */
#include "store/move.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/sql.h"
#include "store/store_kind.h"

#define PAGE_ROWS 2000
#define KEYS_MAX 4
#define COLUMNS_MAX 20

struct table {
    const char *name;
    enum sql read, put, last;
    const char *format; /* of its columns, as conn_run has it; the first ones are the key */
    int keys;
};

/* `cause` behind `aside`, whose triggers count what is there. */
static const struct table tables[] = {
    {"meta", SQL_MOVE_READ_META, SQL_MOVE_PUT_META, SQL_MOVE_LAST_META, "tt", 1},
    {"flow", SQL_MOVE_READ_FLOW, SQL_MOVE_PUT_FLOW, SQL_MOVE_LAST_FLOW, "itii", 1},
    {"source", SQL_MOVE_READ_SOURCE, SQL_MOVE_PUT_SOURCE, SQL_MOVE_LAST_SOURCE, "itiii", 1},
    {"head", SQL_MOVE_READ_HEAD, SQL_MOVE_PUT_HEAD, SQL_MOVE_LAST_HEAD, "iiii", 2},
    {"lease", SQL_MOVE_READ_LEASE, SQL_MOVE_PUT_LEASE, SQL_MOVE_LAST_LEASE, "iiiiiiii", 2},
    {"log", SQL_MOVE_READ_LOG, SQL_MOVE_PUT_LOG, SQL_MOVE_LAST_LOG, "iiiitib", 1},
    {"delivery", SQL_MOVE_READ_DELIVERY, SQL_MOVE_PUT_DELIVERY, SQL_MOVE_LAST_DELIVERY,
     "iiiiiitbtbb", 1},
    {"attempt", SQL_MOVE_READ_ATTEMPT, SQL_MOVE_PUT_ATTEMPT, SQL_MOVE_LAST_ATTEMPT, "iiib", 2},
    {"aside", SQL_MOVE_READ_ASIDE, SQL_MOVE_PUT_ASIDE, SQL_MOVE_LAST_ASIDE, "itiiiiiti", 2},
    {"cause", SQL_MOVE_READ_CAUSE, SQL_MOVE_PUT_CAUSE, SQL_MOVE_LAST_CAUSE, "iitiiii", 1},
    {"tally", SQL_MOVE_READ_TALLY, SQL_MOVE_PUT_TALLY, SQL_MOVE_LAST_TALLY, "iiiti", 4},
    {"scope", SQL_MOVE_READ_SCOPE, SQL_MOVE_PUT_SCOPE, SQL_MOVE_LAST_SCOPE, "it", 1},
    {"link", SQL_MOVE_READ_LINK, SQL_MOVE_PUT_LINK, SQL_MOVE_LAST_LINK, "ititttiiiiitttiiiiii", 2},
    {"document", SQL_MOVE_READ_DOCUMENT, SQL_MOVE_PUT_DOCUMENT, SQL_MOVE_LAST_DOCUMENT, "iitb", 1},
    {"seen", SQL_MOVE_READ_SEEN, SQL_MOVE_PUT_SEEN, SQL_MOVE_LAST_SEEN, "ittii", 2},
    {"sealed", SQL_MOVE_READ_SEALED, SQL_MOVE_PUT_SEALED, SQL_MOVE_LAST_SEALED, "tbi", 1},
    {"note", SQL_MOVE_READ_NOTE, SQL_MOVE_PUT_NOTE, SQL_MOVE_LAST_NOTE, "tt", 1},
    {"entry", SQL_MOVE_READ_ENTRY, SQL_MOVE_PUT_ENTRY, SQL_MOVE_LAST_ENTRY, "itiittb", 1},
    {"patch", SQL_MOVE_READ_PATCH, SQL_MOVE_PUT_PATCH, SQL_MOVE_LAST_PATCH, "iitbb", 1},
    {"kept", SQL_MOVE_READ_KEPT, SQL_MOVE_PUT_KEPT, SQL_MOVE_LAST_KEPT, "iiii", 1},
    {"late", SQL_MOVE_READ_LATE, SQL_MOVE_PUT_LATE, SQL_MOVE_LAST_LATE, "i", 1},
    {"history", SQL_MOVE_READ_HISTORY, SQL_MOVE_PUT_HISTORY, SQL_MOVE_LAST_HISTORY, "iiiiiii", 3},
    {"word", SQL_MOVE_READ_WORD, SQL_MOVE_PUT_WORD, SQL_MOVE_LAST_WORD, "iiib", 3},
    {"word_job", SQL_MOVE_READ_WORD_JOB, SQL_MOVE_PUT_WORD_JOB, SQL_MOVE_LAST_WORD_JOB, "iii", 1},
    {"segment", SQL_MOVE_READ_SEGMENT, SQL_MOVE_PUT_SEGMENT, SQL_MOVE_LAST_SEGMENT, "iiii", 1},
    {"word_again", SQL_MOVE_READ_WORD_AGAIN, SQL_MOVE_PUT_WORD_AGAIN, SQL_MOVE_LAST_WORD_AGAIN,
     "i", 1}};
#define TABLES (int)(sizeof tables / sizeof tables[0])

/* What is of one database only: its schema, its locks, and what it says of moves. */
static const char *const own_names[] = {"schema", "guard", "news", "commits", "moving", "moved"};

struct row {
    struct conn_value values[COLUMNS_MAX];
};

/* Some rows of a table, with copies of all that they hold. */
struct page {
    const struct table *table;
    struct conn_value after[KEYS_MAX + 1]; /* the key before the first of them; then how many */
    struct row *rows;
    int count;
};

static const char nothing[] = ""; /* of a text in front of the first row; nobody's to free */

static void page_clear(struct page *p)
{
    for (int i = 0; i < p->count; i++) {
        for (int k = 0; p->table->format[k]; k++)
            free((void *)(uintptr_t)p->rows[i].values[k].bytes);
    }
    p->count = 0;
}

static int copy_value(struct conn_rows *st, int column, char kind, struct conn_value *out,
                      struct koppel_error *err)
{
    size_t count = 0;
    *out = (struct conn_value){.null = conn_null(st, column)};
    if (out->null)
        return 0;
    if (kind == 'i') {
        out->number = conn_int64(st, column);
        return 0;
    }
    const void *bytes = conn_blob(st, column);
    count = conn_bytes(st, column);
    char *copy = malloc(count + 1);
    if (!copy)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    memcpy(copy, bytes, count);
    copy[count] = '\0';
    out->bytes = copy;
    out->count = count;
    return 0;
}

/* In front of the first row. */
static void begin_table(struct page *p, const struct table *t)
{
    p->table = t;
    for (int i = 0; i < t->keys; i++)
        p->after[i] = (struct conn_value){.number = INT64_MIN, .bytes = nothing, .count = 0};
    p->after[t->keys] = (struct conn_value){.number = PAGE_ROWS};
}

static void key_format(const struct table *t, char out[KEYS_MAX + 2])
{
    memcpy(out, t->format, (size_t)t->keys);
    out[t->keys] = 'i';
    out[t->keys + 1] = '\0';
}

static int read_page(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct page *p = arg;
    struct conn_rows *st;
    char format[KEYS_MAX + 2];
    (void)s;
    page_clear(p);
    key_format(p->table, format);
    int row = conn_row_values(c, &st, p->table->read, err, format, p->after);
    for (; row == 1 && p->count < PAGE_ROWS; row = conn_step(c, st, err)) {
        struct row *r = &p->rows[p->count++];
        memset(r, 0, sizeof *r);
        for (int k = 0; p->table->format[k]; k++) {
            if (copy_value(st, k, p->table->format[k], &r->values[k], err) != 0) {
                conn_reset(st);
                return -1;
            }
        }
    }
    if (row == 1)
        conn_reset(st);
    return row < 0 ? -1 : 0;
}

/* The key of the last row, kept for the next page. */
static int step_on(struct page *p, struct koppel_error *err)
{
    const struct row *last = &p->rows[p->count - 1];
    for (int i = 0; i < p->table->keys; i++) {
        const struct conn_value *v = &last->values[i];
        if (p->table->format[i] == 'i') {
            p->after[i].number = v->number;
            continue;
        }
        char *copy = strdup(v->bytes);
        if (!copy)
            return err_set(err, KOPPEL_E_RETRY, "out of memory");
        if (p->after[i].bytes != nothing)
            free((void *)(uintptr_t)p->after[i].bytes);
        p->after[i].bytes = copy;
        p->after[i].count = strlen(copy);
    }
    return 0;
}

static void end_table(struct page *p)
{
    page_clear(p);
    for (int i = 0; i < p->table->keys; i++) {
        if (p->table->format[i] == 't' && p->after[i].bytes != nothing)
            free((void *)(uintptr_t)p->after[i].bytes);
    }
}

static bool is_own(const struct table *t, const struct row *r)
{
    if (strcmp(t->name, "meta") != 0)
        return false;
    for (size_t i = 0; i < sizeof own_names / sizeof own_names[0]; i++) {
        if (strcmp(r->values[0].bytes, own_names[i]) == 0)
            return true;
    }
    return false;
}

static int put_page(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    const struct page *p = arg;
    (void)s;
    for (int i = 0; i < p->count; i++) {
        if (!is_own(p->table, &p->rows[i]) &&
            conn_run_values(c, p->table->put, err, p->table->format, p->rows[i].values) != 0)
            return -1;
    }
    return 0;
}

/* Where a move that was broken off goes on. */
static int find_last(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct page *p = arg;
    struct conn_rows *st;
    (void)s;
    int row = strcmp(p->table->name, "meta") == 0 ? 0 : conn_row(c, &st, p->table->last, err, "");
    if (row != 1)
        return row;
    p->count = 1;
    for (int k = 0; k < COLUMNS_MAX; k++)
        p->rows[0].values[k] = (struct conn_value){0};
    int rc = 0;
    for (int k = 0; k < p->table->keys && rc == 0; k++)
        rc = copy_value(st, k, p->table->format[k], &p->rows[0].values[k], err);
    conn_reset(st);
    return rc == 0 ? step_on(p, err) : rc;
}

/* ---- the tables, one after another ---- */

struct mover {
    struct sql_store *from, *to;
    struct page page;
    struct move_sum *sum;
    int (*tell)(void *arg, const char *table, int64_t rows);
    void *arg;
};

static int move_table(struct mover *m, const struct table *t, struct koppel_error *err)
{
    struct page *p = &m->page;
    int64_t rows = 0;
    begin_table(p, t);
    int rc = sql_look(m->to, find_last, p, err);
    do {
        if (rc == 0)
            rc = sql_look(m->from, read_page, p, err);
        if (rc == 0 && p->count > 0)
            rc = sql_change(m->to, SQL_HARD, put_page, p, err);
        if (rc == 0 && p->count > 0)
            rc = step_on(p, err);
        rows += rc == 0 ? p->count : 0;
        if (rc == 0 && m->tell && m->tell(m->arg, t->name, rows) != 0)
            rc = err_set(err, KOPPEL_E_CANCELLED,
                         "the move was broken off; it goes on where it is");
    } while (rc == 0 && p->count == PAGE_ROWS);
    m->sum->rows += rows;
    end_table(p);
    return rc;
}

static void hash_row(crypto_generichash_state *h, const struct table *t, const struct row *r)
{
    for (int k = 0; t->format[k]; k++) {
        const struct conn_value *v = &r->values[k];
        uint64_t head[2] = {v->null, t->format[k] == 'i' ? (uint64_t)v->number : v->count};
        crypto_generichash_update(h, (const unsigned char *)head, sizeof head);
        if (t->format[k] != 'i' && !v->null)
            crypto_generichash_update(h, v->bytes, v->count);
    }
}

/* A hash of all rows of a table, and how many there are. */
static int hash_table(struct mover *m, struct sql_store *side, const struct table *t,
                      unsigned char out[crypto_generichash_BYTES], int64_t *count,
                      struct koppel_error *err)
{
    crypto_generichash_state h;
    struct page *p = &m->page;
    int rc;
    *count = 0;
    crypto_generichash_init(&h, NULL, 0, crypto_generichash_BYTES);
    begin_table(p, t);
    do {
        rc = sql_look(side, read_page, p, err);
        for (int i = 0; i < p->count && rc == 0; i++) {
            if (is_own(t, &p->rows[i]))
                continue;
            hash_row(&h, t, &p->rows[i]);
            ++*count;
        }
        if (rc == 0 && p->count > 0)
            rc = step_on(p, err);
    } while (rc == 0 && p->count == PAGE_ROWS);
    crypto_generichash_final(&h, out, crypto_generichash_BYTES);
    end_table(p);
    return rc;
}

static int compare_table(struct mover *m, const struct table *t, struct koppel_error *err)
{
    unsigned char one[crypto_generichash_BYTES], other[crypto_generichash_BYTES];
    int64_t here, there;
    if (hash_table(m, m->from, t, one, &here, err) != 0 ||
        hash_table(m, m->to, t, other, &there, err) != 0)
        return -1;
    if (here == there && memcmp(one, other, sizeof one) == 0)
        return 0;
    return err_reason(err, KOPPEL_E_CONFIG, "store.moving",
                      "table %s has %lld rows in %s and %lld in %s, or they differ; nothing was"
                      " changed in %s: empty the target and begin again", t->name,
                      (long long)here, m->from->path, (long long)there, m->to->path,
                      m->from->path);
}

/* ---- both ends ---- */

static int read_meta(struct conn *c, const char *name, char out[STORE_ID_BYTES], bool *there,
                     struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", name);
    *there = row == 1;
    if (row != 1)
        return row;
    snprintf(out, STORE_ID_BYTES, "%s", conn_peek(st, 0) ? conn_peek(st, 0) : "");
    conn_reset(st);
    return 0;
}

/* A target is new, or a part of this very store. */
static int mark_target(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct mover *m = arg;
    struct conn_rows *st;
    char moving[STORE_ID_BYTES];
    bool there;
    if (read_meta(c, "moving", moving, &there, err) != 0)
        return -1;
    if (there && strcmp(moving, m->from->id) == 0)
        return 0;
    int row = conn_row(c, &st, SQL_MOVE_LAST_FLOW, err, "");
    if (row == 1)
        conn_reset(st);
    if (row < 0)
        return -1;
    if (row == 1 || there)
        return err_reason(err, KOPPEL_E_CONFIG, "store.moving",
                          "%s: it holds a store already; name one that is empty", s->path);
    return conn_run(c, SQL_META_PUT, err, "tt", "moving", m->from->id);
}

static int rest_source(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)s;
    (void)arg;
    return conn_run(c, SQL_LEASE_TAKE_ALL, err, "i", conn_now_ms(c)) != 0
               ? -1
               : conn_run(c, SQL_SOURCE_TAKE_ALL, err, "");
}

static int mark_source(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)s;
    return conn_run(c, SQL_META_PUT, err, "tt", "moved", (const char *)arg);
}

static int open_target(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    (void)s;
    (void)arg;
    return conn_run(c, SQL_MOVE_NUMBERS, err, "") != 0
               ? -1
               : conn_run(c, SQL_META_DROP, err, "t", "moving");
}

static int find_alive(void *arg, const struct store_host *h)
{
    *(bool *)arg = *(bool *)arg || (h->alive && !h->own);
    return 0;
}

static int move_all(struct mover *m, struct koppel_error *err)
{
    bool alive = false;
    if (m->from->base.ops->hosts(&m->from->base, find_alive, &alive, err) != 0)
        return -1;
    if (alive)
        return err_reason(err, KOPPEL_E_CONFIG, "store.locked",
                          "%s: an engine works with it; stop all of them first (koppel hosts)",
                          m->from->path);
    if (sql_change(m->to, SQL_HARD, mark_target, m, err) != 0 ||
        sql_change(m->from, SQL_HARD, rest_source, NULL, err) != 0)
        return -1;
    for (int i = 0; i < TABLES; i++) {
        if (move_table(m, &tables[i], err) != 0)
            return -1;
    }
    for (int i = 0; i < TABLES; i++) {
        if (compare_table(m, &tables[i], err) != 0)
            return -1;
    }
    /* in this order: a crash in between leaves none that an engine takes, and is gone on with */
    return sql_change(m->from, SQL_HARD, mark_source, m->to->path, err) != 0
               ? -1
               : sql_change(m->to, SQL_HARD, open_target, NULL, err);
}

int move_store(const struct store_conf *from, const struct store_conf *to, struct move_sum *sum,
               int (*tell)(void *arg, const char *table, int64_t rows), void *arg,
               struct koppel_error *err)
{
    struct store *source = NULL, *target = NULL;
    struct store_conf here = *from, there = *to;
    here.moves = there.moves = true;
    here.shared = from->connection != NULL; /* no beat, and no other engine on a file */
    there.shared = to->connection != NULL;
    *sum = (struct move_sum){0};
    int exists = 0, rc = store_kind(&here)->check(&here, &exists, err);
    if (rc == 0 && !exists)
        rc = err_reason(err, KOPPEL_E_CONFIG, "store.missing", "there is no store at %s",
                        from->connection ? from->connection : from->path);
    if (rc == 0)
        rc = store_kind(&here)->open(&here, STORE_ENGINE, &source, err);
    if (rc == 0)
        rc = store_kind(&there)->open(&there, STORE_ENGINE, &target, err);
    if (rc == 0) {
        struct mover m = {.from = sql_of(source), .to = sql_of(target), .sum = sum, .tell = tell,
                          .arg = arg};
        m.page.rows = calloc(PAGE_ROWS, sizeof *m.page.rows);
        rc = m.page.rows ? move_all(&m, err) : err_set(err, KOPPEL_E_RETRY, "out of memory");
        free(m.page.rows);
    }
    if (target)
        target->ops->close(target);
    if (source)
        source->ops->close(source);
    return rc;
}

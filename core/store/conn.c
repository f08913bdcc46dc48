/* SPDX-License-Identifier: MIT
 * What the connections of both databases have in common. */
#include "store/conn.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The arguments of a call, as its format says. */
static void take(struct conn_value values[CONN_VALUES], const char *format, va_list *args)
{
    for (int i = 0; format[i] && i < CONN_VALUES; i++) {
        struct conn_value *v = &values[i];
        *v = (struct conn_value){0};
        switch (format[i]) {
        case 'i':
            v->number = va_arg(*args, int64_t);
            break;
        case 't':
            v->bytes = va_arg(*args, const char *);
            v->null = !v->bytes;
            v->count = v->bytes ? strlen(v->bytes) : 0;
            break;
        case 'b':
            v->bytes = va_arg(*args, const void *);
            v->null = !v->bytes;
            v->count = va_arg(*args, size_t);
            break;
        default:
            v->null = true;
        }
    }
}

struct conn_rows *conn_bind(struct conn *c, enum sql which, struct koppel_error *err,
                            const char *format, ...)
{
    struct conn_value values[CONN_VALUES];
    va_list args;
    va_start(args, format);
    take(values, format, &args);
    va_end(args);
    return c->ops->bind(c, which, err, format, values);
}

int conn_step(struct conn *c, struct conn_rows *rows, struct koppel_error *err)
{
    return c->ops->step(rows, err);
}

void conn_reset(struct conn_rows *rows)
{
    if (rows)
        rows->conn->ops->reset(rows);
}

int conn_run(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...)
{
    struct conn_value values[CONN_VALUES];
    va_list args;
    va_start(args, format);
    take(values, format, &args);
    va_end(args);
    int rc = c->ops->run(c, which, err, format, values);
    return rc;
}

int conn_run_one(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...)
{
    struct conn_value values[CONN_VALUES];
    va_list args;
    va_start(args, format);
    take(values, format, &args);
    va_end(args);
    int rc = c->ops->run(c, which, err, format, values);
    if (rc != 0 || c->ops->ask)
        return rc; /* its text fails where there is none: nobody waits here */
    return c->ops->changes(c, err) == 1 ? 0
                                        : err_set(err, KOPPEL_E_BUG,
                                                  "store: a row is not as it was");
}

int conn_changes(struct conn *c, struct koppel_error *err)
{
    return c->ops->changes(c, err);
}

int conn_run_values(struct conn *c, enum sql which, struct koppel_error *err, const char *format,
                    const struct conn_value *values)
{
    return c->ops->run(c, which, err, format, values);
}

int conn_row_values(struct conn *c, struct conn_rows **rows, enum sql which,
                    struct koppel_error *err, const char *format, const struct conn_value *values)
{
    *rows = c->ops->bind(c, which, err, format, values);
    return *rows ? c->ops->step(*rows, err) : -1;
}

int conn_row(struct conn *c, struct conn_rows **rows, enum sql which, struct koppel_error *err,
             const char *format, ...)
{
    struct conn_value values[CONN_VALUES];
    va_list args;
    va_start(args, format);
    take(values, format, &args);
    va_end(args);
    return conn_row_values(c, rows, which, err, format, values);
}

int conn_ask(struct conn *c, enum sql which, struct koppel_error *err, const char *format, ...)
{
    if (!c->ops->ask)
        return 0;
    struct conn_value values[CONN_VALUES];
    va_list args;
    va_start(args, format);
    take(values, format, &args);
    va_end(args);
    return c->ops->ask(c, which, err, format, values);
}

int conn_answer(struct conn *c, struct conn_rows **rows, enum sql which, struct koppel_error *err,
                const char *format, ...)
{
    if (c->ops->answer) {
        *rows = c->ops->answer(c, which, err);
        return *rows ? c->ops->step(*rows, err) : -1;
    }
    struct conn_value values[CONN_VALUES];
    va_list args;
    va_start(args, format);
    take(values, format, &args);
    va_end(args);
    return conn_row_values(c, rows, which, err, format, values);
}

int64_t conn_int64(struct conn_rows *rows, int column)
{
    return rows->conn->ops->int64(rows, column);
}

int conn_int(struct conn_rows *rows, int column)
{
    return (int)conn_int64(rows, column);
}

const void *conn_blob(struct conn_rows *rows, int column)
{
    size_t count;
    return rows->conn->ops->bytes(rows, column, &count);
}

size_t conn_bytes(struct conn_rows *rows, int column)
{
    size_t count = 0;
    (void)rows->conn->ops->bytes(rows, column, &count);
    return count;
}

bool conn_null(struct conn_rows *rows, int column)
{
    return conn_blob(rows, column) == NULL;
}

const char *conn_peek(struct conn_rows *rows, int column)
{
    return conn_blob(rows, column);
}

char *conn_text(struct conn_rows *rows, int column, bool *failed)
{
    const char *text = conn_peek(rows, column);
    if (!text)
        return NULL;
    char *copy = strdup(text);
    if (!copy)
        *failed = true;
    return copy;
}

int conn_unseal(struct conn_rows *rows, int column, const struct secret *key, char **out,
                size_t *bytes, struct koppel_error *err)
{
    size_t n = 0;
    const unsigned char *sealed = rows->conn->ops->bytes(rows, column, &n);
    *out = NULL;
    *bytes = 0;
    if (!sealed || n == 0)
        return 0;
    char *plain = n >= SECRET_SEAL_OVERHEAD ? malloc(n - SECRET_SEAL_OVERHEAD + 1) : NULL;
    if (!plain || secret_unseal(key, sealed, n, plain) != 0) {
        free(plain);
        return err_reason(err, KOPPEL_E_CONFIG, "store.damaged",
                          "store: a sealed value is damaged; restore a backup");
    }
    *bytes = n - SECRET_SEAL_OVERHEAD;
    plain[*bytes] = '\0';
    *out = plain;
    return 0;
}

int64_t conn_now_ms(struct conn *c)
{
    return c->ops->now_ms(c);
}

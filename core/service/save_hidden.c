/* SPDX-License-Identifier: MIT
 * Configuration texts as they may be shown. */
#include "service/save_hidden.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/differ.h"
#include "base/secret.h"
#include "config/conf_token.h"

#define MARK_DIGITS 4 /* of a digest that only this store can make */

/* The next token that is neither blank nor comment; what is passed over goes to out. */
static struct conf_token next(struct conf_token_scan *scan, struct buf *out)
{
    for (;;) {
        struct conf_token t = conf_token_next(scan);
        if (t.kind != TOKEN_BLANK && t.kind != TOKEN_COMMENT)
            return t;
        if (out)
            buf_add(out, t.at, t.bytes);
    }
}

static bool is_name(const struct conf_token *t, const char *name)
{
    return t->kind == TOKEN_NAME && t->bytes == strlen(name) && memcmp(t->at, name, t->bytes) == 0;
}

/* The connector of a connection's file; *is_connection: it names one, which may not be there. */
static const struct catalogue *connector_of(struct plugins *plugins, const char *text,
                                            bool *is_connection)
{
    struct conf_token_scan scan = {text, 1, true};
    const struct catalogue *found = NULL;
    *is_connection = false;
    for (struct conf_token t = next(&scan, NULL); t.kind != TOKEN_END; t = next(&scan, NULL)) {
        if (!is_name(&t, "connector"))
            continue;
        t = next(&scan, NULL);
        if (!conf_token_is(&t, "=:"))
            continue;
        t = next(&scan, NULL);
        if (t.kind != TOKEN_STRING || t.open)
            break;
        struct koppel_error ignored = {0};
        char *name = strndup(t.at + 1, t.bytes - 2);
        const struct plugin *p = name ? plugins_load(plugins, name, &ignored) : NULL;
        free(name);
        *is_connection = true;
        found = p ? p->catalogue : NULL;
        break;
    }
    return found;
}

/* Top-level members of a connection that are no settings. */
static bool is_plain(const struct conf_token *name)
{
    static const char *const plain[] = {"name", "connector", "overlay", "timeout", "tls_ca",
                                        "connect_timeout", "tls_min", "quiet", "lag"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (is_name(name, plain[i]))
            return true;
    }
    return false;
}

static bool is_secret(const struct catalogue *c, const struct conf_token *name)
{
    for (int i = 0; c && i < c->setting_count; i++) {
        if (c->settings[i].secret && is_name(name, c->settings[i].name))
            return true;
    }
    return !c && !is_plain(name);
}

static void add_hidden(const struct revision_place *p, struct buf *out, const struct conf_token *t)
{
    char *text = t->bytes > 1 ? strndup(t->at + 1, t->bytes - 1 - !t->open) : NULL;
    char *digest = text ? revision_digest(p, text, strlen(text)) : NULL;
    if (text && secret_is_reference(text))
        buf_add(out, t->at, t->bytes);
    else
        buf_printf(out, "\"(hidden %.*s)\"", MARK_DIGITS, digest ? digest : "");
    free(text);
    free(digest);
}

char *save_hidden_text(const struct revision_place *p, struct plugins *plugins, const char *text)
{
    struct conf_token_scan scan = {text, 1, true};
    struct buf out;
    bool is_connection, hide = false;
    if (!text)
        return NULL;
    const struct catalogue *c = connector_of(plugins, text, &is_connection);
    if (!is_connection)
        return strdup(text);
    buf_init(&out, 2 * strlen(text) + 4096);
    for (struct conf_token t = next(&scan, &out); t.kind != TOKEN_END; t = next(&scan, &out)) {
        if (t.kind == TOKEN_NAME)
            hide = is_secret(c, &t);
        else if (conf_token_is(&t, ";,{}"))
            hide = false;
        if (hide && t.kind == TOKEN_STRING)
            add_hidden(p, &out, &t);
        else
            buf_add(&out, t.at, t.bytes);
    }
    return buf_take(&out);
}

char *save_hidden_diff(const struct revision_place *p, struct plugins *plugins, const char *path,
                       const char *old, const char *new)
{
    char *a = save_hidden_text(p, plugins, old), *b = save_hidden_text(p, plugins, new);
    char *diff = NULL;
    if (!a == !old && !b == !new)
        diff = differ_unified(a, b, revision_name(p, path));
    free(a);
    free(b);
    return diff;
}

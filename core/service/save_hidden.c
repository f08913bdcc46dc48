/* SPDX-License-Identifier: MIT
 * Configuration texts as they may be shown. */
#include "service/save_hidden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/differ.h"
#include "base/secret.h"
#include "config/conf_token.h"
#include "service/service.h"

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

/* What hides a secret: "(hidden 1f3c)". */
#define HIDDEN "\"(hidden "
#define MARK_BYTES 32

static void mark_of(const struct revision_place *p, const char *text, char out[MARK_BYTES])
{
    char *digest = revision_digest(p, text, strlen(text));
    snprintf(out, MARK_BYTES, HIDDEN "%.*s)\"", MARK_DIGITS, digest ? digest : "");
    free(digest);
}

/* The text between the quotes where it is a secret itself; NULL: a reference, or no memory. */
static char *secret_of(const struct conf_token *t)
{
    char *text = t->bytes > 1 ? strndup(t->at + 1, t->bytes - 1 - !t->open) : NULL;
    if (text && !secret_is_reference(text))
        return text;
    free(text);
    return NULL;
}

/* Tokens of a connection's file one by one. */
struct walk {
    struct conf_token_scan scan;
    const struct catalogue *c;
    bool hide;
};

/* *secret: it is one. What is passed over goes to out, which may be NULL. */
static struct conf_token step(struct walk *w, struct buf *out, char **secret)
{
    struct conf_token t = next(&w->scan, out);
    *secret = NULL;
    if (t.kind == TOKEN_NAME)
        w->hide = is_secret(w->c, &t);
    else if (conf_token_is(&t, ";,{}"))
        w->hide = false;
    if (w->hide && t.kind == TOKEN_STRING)
        *secret = secret_of(&t);
    return t;
}

char *save_hidden_text(const struct revision_place *p, struct plugins *plugins, const char *text)
{
    struct walk w = {.scan = {text, 1, true}};
    struct buf out;
    bool is_connection;
    char *secret, mark[MARK_BYTES];
    if (!text)
        return NULL;
    w.c = connector_of(plugins, text, &is_connection);
    if (!is_connection)
        return strdup(text);
    buf_init(&out, 2 * strlen(text) + 4096);
    for (struct conf_token t = step(&w, &out, &secret); t.kind != TOKEN_END;
         t = step(&w, &out, &secret)) {
        if (secret) {
            mark_of(p, secret, mark);
            buf_add_text(&out, mark);
        } else {
            buf_add(&out, t.at, t.bytes);
        }
        free(secret);
    }
    return buf_take(&out);
}

/* The secret of a text that this hides, as it stands there, with its quotes; bytes 0: there is
 * none. */
static struct conf_token behind(const struct revision_place *p, struct plugins *plugins,
                                const char *was, const char *mark)
{
    struct walk w = {.scan = {was, 1, true}};
    struct conf_token found = {0};
    bool is_connection;
    char *secret, own[MARK_BYTES];
    w.c = connector_of(plugins, was, &is_connection);
    if (!is_connection)
        return found;
    for (struct conf_token t = step(&w, NULL, &secret); t.kind != TOKEN_END;
         t = step(&w, NULL, &secret)) {
        if (secret) {
            mark_of(p, secret, own);
            if (strncmp(own, mark, strlen(own)) == 0)
                found = t;
        }
        free(secret);
    }
    return found;
}

int save_hidden_restore(const struct revision_place *p, struct plugins *plugins, const char *was,
                        const char *shown, char **out, struct koppel_error *err)
{
    struct buf text;
    const char *at;
    buf_init(&text, 2 * (strlen(was) + strlen(shown)) + 4096);
    for (; (at = strstr(shown, HIDDEN)); shown = strchr(at + 1, '"') + 1) {
        struct conf_token secret = behind(p, plugins, was, at);
        buf_add(&text, shown, (size_t)(at - shown));
        if (secret.bytes == 0 || !strchr(at + 1, '"')) {
            buf_wipe_done(&text);
            return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                              "%.20s... hides a secret that this file does not have; type it anew, "
                              "as a reference", at);
        }
        buf_add(&text, secret.at, secret.bytes);
    }
    buf_add_text(&text, shown);
    *out = buf_ok(&text) ? buf_take(&text) : NULL;
    return *out ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
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

/* SPDX-License-Identifier: MIT
 * Secrets that a configuration names. */
#include "config/conf_secret.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sealed.h"
#include "config/conf_held.h"
#include "config/conf_mistake.h"
#include "config/conf_source.h"

int conf_secret_resolve(struct conf_loader *l, const char *reference, struct secret **out,
                        struct koppel_error *err)
{
    const char *name = sealed_name(reference), *why = NULL;
    size_t bytes = 0;
    if (!name)
        return secret_resolve(reference, l->dir, out, err);
    if (!l->conf->key)
        return err_set(err, KOPPEL_E_CONFIG, "secret %s needs the key, which cannot be read",
                       reference);
    const char *path = conf_loader_absolute(
        l, conf_held_text(l->held, SEALED_FOLDER "/%s" SEALED_ENDING, name));
    char *text = conf_source_read(l, path, &bytes, &why);
    int rc = text ? sealed_open(l->conf->key, name, text, bytes, out, err)
                  : err_set(err, KOPPEL_E_CONFIG, "secret %s: %s cannot be read: %s", reference,
                            path, why);
    free(text);
    return rc;
}

/* ---- what each host has of its own ---- */

static void lack(struct conf_loader *l, const char *reference, const char *why)
{
    struct conf *c = l->conf;
    size_t n = (size_t)c->lacking_count;
    l->lacking = conf_held_copy(l->held, why);
    if ((n & (n - 1)) == 0) { /* room doubles at the powers of two; what was before stays held */
        const char **more = conf_held_alloc(l->held, (n ? n * 2 : 1) * sizeof *more);
        for (size_t i = 0; i < n; i++)
            more[i] = c->lacking[i];
        c->lacking = more;
    }
    c->lacking[c->lacking_count++] = conf_held_copy(l->held, reference);
}

struct secret *conf_secret_take(struct conf_loader *l, const config_setting_t *s,
                                const char *reference)
{
    struct koppel_error err = {0};
    struct secret *out = NULL;
    if (conf_secret_resolve(l, reference, &out, &err) == 0)
        return out;
    if (!l->ground) {
        conf_mistake(l, s, "%s", err.text);
        return NULL;
    }
    lack(l, reference, err.text);
    conf_mistake_note(l, s, true, conf_held_text(l->held, "%s", err.text));
    return NULL;
}

static bool is_there(const struct conf *conf, const char *reference)
{
    const char *name = sealed_name(reference), *why;
    struct koppel_error ignored = {0};
    struct secret *found = NULL;
    char *path = NULL;
    size_t bytes = 0;
    if (!name) {
        (void)secret_resolve(reference, conf->dir, &found, &ignored);
    } else if (conf->key && asprintf(&path, "%s/" SEALED_FOLDER "/%s" SEALED_ENDING, conf->dir,
                                     name) > 0) {
        char *text = conf_source_now(path, &bytes, &why);
        if (text)
            (void)sealed_open(conf->key, name, text, bytes, &found, &ignored);
        free(text);
        free(path);
    }
    bool there = found != NULL;
    secret_free(found);
    return there;
}

bool conf_secret_came(const struct conf *conf)
{
    for (int i = 0; i < conf->lacking_count; i++) {
        if (is_there(conf, conf->lacking[i]))
            return true;
    }
    return false;
}

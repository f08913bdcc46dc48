/* SPDX-License-Identifier: MIT
 * What a flow reads: the note "source/FLOW" holds "till/order". */
#include "flow/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 200
#define VALUE_BYTES 256

static void note_of(const struct conf_flow *conf, char name[NAME_BYTES], char value[VALUE_BYTES])
{
    snprintf(name, NAME_BYTES, "source/%.180s", conf->name);
    snprintf(value, VALUE_BYTES, "%.120s/%.120s", conf->from->name, conf->from_entity);
}

/* *known: the note says what this flow reads. */
static int look(struct store *s, const struct conf_flow *conf, bool *known, char **other,
                struct koppel_error *err)
{
    char name[NAME_BYTES], value[VALUE_BYTES], *note = NULL;
    struct store_counts counts = {0};
    note_of(conf, name, value);
    *other = NULL;
    if (s->ops->note_get(s, name, &note, err) != 0)
        return -1;
    *known = note && strcmp(note, value) == 0;
    if (!note || *known) {
        free(note);
        return 0;
    }
    /* a name under which nothing was read yet is free */
    int rc = s->ops->counts(s, conf->name, &counts, err);
    if (rc == 0 && counts.read > 0)
        *other = note;
    else
        free(note);
    return rc;
}

int source_other(struct store *s, const struct conf_flow *conf, char **other,
                 struct koppel_error *err)
{
    bool known;
    return look(s, conf, &known, other, err);
}

int source_refused(const struct conf_flow *conf, const char *other, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_CONFIG, "flow.other",
                      "flow %s is to read %s/%s, but what was read under this name is %s; give it "
                      "a name of its own", conf->name, conf->from->name, conf->from_entity, other);
}

int source_claim(struct store *s, const struct conf_flow *conf, struct koppel_error *err)
{
    char name[NAME_BYTES], value[VALUE_BYTES], *other;
    bool known = false;
    if (look(s, conf, &known, &other, err) != 0)
        return -1;
    int rc = other ? source_refused(conf, other, err) : 0;
    free(other);
    if (rc != 0 || known)
        return rc;
    note_of(conf, name, value);
    return s->ops->note_put(s, name, value, err);
}

/* SPDX-License-Identifier: MIT
 * What the parts of a catalogue must be to one another. */
#include "catalogue/catalogue_check.h"

#include <string.h>

/* Names of fields must be fields, unless the entity leaves its shape open (no "fields"). */
static int check_field(const struct cat_at *at, const struct cat_entity *e, const char *what,
                           const char *name)
{
    if (!name || e->field_count == 0 || catalogue_field(e, name))
        return 0;
    return member_mistake(at, "%s names \"%s\", which is no field of \"%s\"", what, name, e->name);
}

/* A path to decimals: every list on the way is written with [], and nothing else is. */
static int check_amount(const struct cat_at *at, const struct cat_entity *e, const char *what,
                        const char *path)
{
    char part[CAT_PATH_TEXT_BYTES];
    if (!path || e->field_count == 0)
        return 0;
    if (check_field(at, e, what, path) < 0)
        return -1;
    const struct cat_field *field = catalogue_field(e, path);
    if (field->type != FIELD_DECIMAL && field->type != FIELD_INTEGER)
        return member_mistake(at, "%s names \"%s\", which is no decimal", what, path);
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        size_t n = (size_t)(dot - path);
        if (n >= sizeof(part))
            return member_mistake(at, "%s holds a path that is too long", what);
        memcpy(part, path, n);
        part[n] = '\0';
        bool list = catalogue_field(e, part)->type == FIELD_LIST;
        if (list != (n > 2 && strcmp(part + n - 2, "[]") == 0))
            return member_mistake(at, "%s names \"%s\": a list, and only a list, is written with "
                                  "[]",
                               what, path);
    }
    return 0;
}

/* How records change: what the engine then does needs abilities and amounts. */
static int check_change(const struct cat_at *at, const struct cat_entity *e)
{
    if (e->snapshot && !(e->can & CAN_READ))
        return member_mistake(at, "\"changes\" tells about reading, which \"can\" does not list");
    if (e->numbered && !e->snapshot)
        return member_mistake(at, "\"pages\" numbered goes with \"changes\": \"snapshot\"");
    if (e->correct_count && (!(e->can & CAN_CREATE) || !(e->can & CAN_FIND) || !e->document))
        return member_mistake(at, "\"correct\" needs create and find in \"can\", and \"document\" "
                              "to find what was posted before");
    for (int i = 0; i < e->correct_count; i++) {
        if (check_amount(at, e, "\"correct\"", e->correct[i]) < 0)
            return -1;
    }
    if (e->balance && !strstr(e->balance, "[]"))
        return member_mistake(at, "\"balance\" is a sum, so its path goes through a list: "
                           "\"lines[].amount\"");
    if (check_amount(at, e, "\"balance\"", e->balance) < 0)
        return -1;
    if (e->editable && !(e->can & CAN_UPDATE))
        return member_mistake(at, "\"editable\" tells about updates, which \"can\" does not list");
    return check_field(at, e, "\"editable\"", e->editable);
}

/* Many in one call: whose answer is lost must be found again as many, or repeated safely. */
static int check_batch(const struct cat_at *at, const struct cat_entity *e)
{
    if (e->batch_write <= 1 || e->repeat == REPEAT_IDEMPOTENT || e->repeat == REPEAT_UPSERT
        || !(e->can & (CAN_CREATE | CAN_UPDATE | CAN_REMOVE)))
        return 0;
    if (e->repeat == REPEAT_LOOKUP && e->batch_find > 1)
        return 0;
    if (e->repeat == REPEAT_LOOKUP)
        return member_mistake(at, "\"write\" above 1 in \"batch\" with repeat \"lookup\" needs "
                              "\"find\" above 1");
    return member_mistake(at, "\"write\" above 1 in \"batch\" needs another \"repeat\" than "
                          "\"never\"");
}

/* An address that a browser may be sent to, with the place of the id in it. */
static bool is_link(const char *text)
{
    const char *id = strstr(text, "{id}");
    const char *host = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7 : NULL;
    return host && id > host + strcspn(host, "/") && !strpbrk(id + 4, "{}") &&
           strcspn(text, "{") == (size_t)(id - text) && !strpbrk(text, " \t\r\n\"\\<>");
}

int catalogue_check_entity(const struct cat_at *at, const struct cat_entity *e)
{
    if ((e->can & CAN_READ) && !e->key)
        return member_mistake(at, "can be read, so it needs \"key\"");
    if (((e->can & CAN_FIND) != 0) != (e->find_count > 0))
        return member_mistake(at, "\"can\" has \"find\" exactly when \"find\" lists fields");
    if ((e->can & CAN_SHOW) && !(e->can & (CAN_CREATE | CAN_UPDATE | CAN_REMOVE)))
        return member_mistake(at, "\"show\" needs \"create\", \"update\" or \"remove\"");
    if ((e->can & CAN_DRY_RUN) && !(e->can & (CAN_CREATE | CAN_UPDATE)))
        return member_mistake(at, "\"dry-run\" needs create or update");
    if (e->repeat == REPEAT_LOOKUP && !(e->can & CAN_FIND))
        return member_mistake(at, "repeat \"lookup\" needs \"find\" in \"can\"");
    if ((e->can & (CAN_FETCH | CAN_RECEIVE)) && !(e->can & CAN_READ))
        return member_mistake(at, "\"fetch\" and \"receive\" need \"read\" in \"can\"");
    if (check_batch(at, e) < 0 || check_field(at, e, "\"conditional\"", e->conditional) < 0)
        return -1;
    if (e->link && !is_link(e->link))
        return member_mistake(at, "\"link\" must be an http or https address with \"{id}\" in it");
    if (check_field(at, e, "\"key\"", e->key) < 0
        || check_field(at, e, "\"document\"", e->document) < 0)
        return -1;
    for (int i = 0; i < e->find_count; i++) {
        if (check_field(at, e, "\"find\"", e->find[i]) < 0)
            return -1;
    }
    for (int i = 0; i < e->match_count; i++) {
        if (!member_has_text(e->find, e->find_count, e->match[i].field))
            return member_mistake(at, "\"match\" pairs \"%s\" with \"%s\", which \"find\" does not "
                               "list", e->match[i].core, e->match[i].field);
    }
    return check_change(at, e);
}

/* What can only be checked once all entities and choice lists are known. */
static int check_choices(const struct cat_at *at, const struct catalogue *c,
                         const struct cat_field *fields, int count)
{
    for (int i = 0; i < count; i++) {
        struct cat_at here = member_child(at, fields[i].name);
        if (fields[i].choices && !member_has_text(c->choices, c->choice_count, fields[i].choices))
            return member_mistake(&here, "\"choices\" names \"%s\", which the catalogue's "
                                  "\"choices\" do not list", fields[i].choices);
        if (check_choices(&here, c, fields[i].fields, fields[i].field_count) < 0)
            return -1;
    }
    return 0;
}

static const struct cat_setting *setting_named(const struct cat_setting *settings, int count,
                                               const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    }
    return NULL;
}

/* The other settings and the choice lists that settings name. */
static int check_settings(const struct cat_at *list, const struct catalogue *c,
                          const struct cat_setting *settings, int count)
{
    for (int i = 0; i < count; i++) {
        const struct cat_setting *s = &settings[i];
        struct cat_at here = member_child(list, s->name);
        const struct cat_setting *port = s->port ? setting_named(settings, count, s->port) : NULL;
        if (s->choices && !member_has_text(c->choices, c->choice_count, s->choices))
            return member_mistake(&here, "\"choices\" names \"%s\", which the catalogue's "
                                  "\"choices\" do not list", s->choices);
        if (s->requires && strcmp(s->requires, s->name) == 0)
            return member_mistake(&here, "\"requires\" names the setting itself");
        if (s->requires && !setting_named(settings, count, s->requires))
            return member_mistake(&here, "\"requires\" names \"%s\", which is no setting beside it",
                               s->requires);
        if (s->port && (!port || port->type != SETTING_INTEGER))
            return member_mistake(&here, "\"port\" names \"%s\", which is no integer setting "
                                  "beside it", s->port);
    }
    return 0;
}

int catalogue_check_links(const struct cat_at *root, const struct catalogue *c)
{
    struct cat_at settings = member_child(root, "settings");
    if (check_settings(&settings, c, c->settings, c->setting_count) < 0)
        return -1;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        struct cat_at list = member_child(root, "entities"), here = member_child(&list, e->name);
        for (int k = 0; k < e->reference_count; k++) {
            const struct cat_reference *r = &e->references[k];
            const struct cat_entity *other = catalogue_entity(c, r->entity);
            if (!other)
                return member_mistake(&here, "reference \"%s\" names the unknown entity \"%s\"",
                                   r->name, r->entity);
            if (check_field(&here, other, "a reference's \"key\"", r->key) < 0)
                return -1;
        }
        struct cat_at options = member_child(&here, "options");
        if (check_settings(&options, c, e->options, e->option_count) < 0)
            return -1;
        struct cat_at fields = member_child(&here, "fields");
        if (check_choices(&fields, c, e->fields, e->field_count) < 0)
            return -1;
    }
    return 0;
}

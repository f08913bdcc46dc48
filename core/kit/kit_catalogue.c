/* SPDX-License-Identifier: MIT
 * Group C. What makes a catalogue unreadable is found when the plugin is opened; here is what a
 * reader of it trips over. */
#include "kit/kit_catalogue.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "catalogue/catalogue.h"

static enum kit_child_outcome helps(const struct kit_run *r)
{
    const struct catalogue *c = r->catalogue;
    for (int i = 0; i < c->setting_count; i++) {
        if (!c->settings[i].help || !*c->settings[i].help)
            return kit_child_fail("setting \"%s\" has no \"help\"", c->settings[i].name);
    }
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        if (!e->title || !*e->title || strcmp(e->title, e->name) == 0)
            return kit_child_fail("entity \"%s\" has no \"title\"", e->name);
        for (int k = 0; k < e->option_count; k++) {
            if (!e->options[k].help || !*e->options[k].help)
                return kit_child_fail("option \"%s\" of \"%s\" has no \"help\"",
                                      e->options[k].name, e->name);
        }
    }
    for (int i = 0; i < c->function_count; i++) {
        const struct cat_function *f = &c->functions[i];
        if (!f->help || !*f->help)
            return kit_child_fail("function \"%s\" has no \"help\"", f->name);
        for (int k = 0; k < f->arg_count; k++) {
            if (!f->args[k].help || !*f->args[k].help)
                return kit_child_fail("argument \"%s\" of \"%s\" has no \"help\"",
                                      f->args[k].name, f->name);
        }
    }
    return KIT_PASS;
}

static enum kit_child_outcome secrets(const struct kit_run *r)
{
    static const char *const words[] = {"password", "passwd",  "passphrase", "secret",
                                        "token",    "api_key", "apikey",     "private_key"};
    const struct catalogue *c = r->catalogue;
    for (int i = 0; i < c->setting_count; i++) {
        const struct cat_setting *s = &c->settings[i];
        for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
            if (s->type == SETTING_TEXT && !s->secret && strcasestr(s->name, words[k]))
                return kit_child_fail("setting \"%s\" is no \"secret\"", s->name);
        }
    }
    return c->setting_count > 0 ? KIT_PASS : kit_child_nothing("it has no settings");
}

static unsigned abilities(const struct catalogue *c)
{
    unsigned can = 0;
    for (int i = 0; i < c->entity_count; i++)
        can |= c->entities[i].can;
    return can;
}

static enum kit_child_outcome functions(const struct kit_run *r)
{
    const struct koppel_connector *o = &r->plugin->connector;
    if (o->check)
        return kit_child_nothing("descriptions tell what it can do");
    unsigned can = abilities(r->catalogue);
    const struct {
        bool there, asked;
        const char *name;
    } all[] = {{o->read, can & CAN_READ, "read"},
               {o->find, can & CAN_FIND, "find"},
               {o->write, can & (CAN_CREATE | CAN_UPDATE | CAN_REMOVE), "write"},
               {o->fetch, can & CAN_FETCH, "fetch"},
               {o->describe, can & CAN_DESCRIBE, "describe"},
               {o->receive, can & CAN_RECEIVE, "receive"},
               {o->subscribe, can & CAN_RECEIVE, "subscribe"},
               {o->choices, r->catalogue->choice_count > 0, "choices"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].there && !all[i].asked)
            return kit_child_fail("it has %s(), which no entity or list of its catalogue needs",
                                  all[i].name);
    }
    return o->close ? KIT_PASS : kit_child_fail("it has no close()");
}

static const struct cat_field *field_with(const struct cat_field *fields, int count,
                                          const char *role)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *inner = field_with(fields[i].fields, fields[i].field_count, role);
        if (fields[i].role && strcmp(fields[i].role, role) == 0)
            return &fields[i];
        if (inner)
            return inner;
    }
    return NULL;
}

static enum kit_child_outcome roles(const struct kit_run *r)
{
    static const char *const amounts[] = {"total", "incl", "excl", "line_excl", "line_vat"};
    const struct catalogue *c = r->catalogue;
    int seen = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        for (size_t k = 0; k < sizeof amounts / sizeof amounts[0]; k++) {
            const struct cat_field *f = field_with(e->fields, e->field_count, amounts[k]);
            seen += f != NULL;
            if (f && f->type != FIELD_DECIMAL)
                return kit_child_fail("field \"%s\" of \"%s\" has the role %s and is no decimal",
                                      f->name, e->name, amounts[k]);
        }
        const struct cat_field *date = field_with(e->fields, e->field_count, "date");
        seen += date != NULL;
        if (date && date->type != FIELD_DATE && date->type != FIELD_TIME)
            return kit_child_fail("field \"%s\" of \"%s\" has the role date and is neither a date "
                                  "nor a time", date->name, e->name);
    }
    return seen ? KIT_PASS : kit_child_nothing("no field is an amount or a date by its role");
}

static enum kit_child_outcome repeats(const struct kit_run *r)
{
    const struct catalogue *c = r->catalogue;
    int creates = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        creates += (e->can & CAN_CREATE) != 0;
        if (e->can & CAN_CREATE && e->repeat == REPEAT_LOOKUP && !e->document &&
            e->match_count == 0)
            return kit_child_fail("\"%s\" is looked up before it is made, and neither \"document\" "
                                  "nor \"match\" says by what", e->name);
        if (e->can & CAN_FIND && e->document && !catalogue_finds(e, e->document))
            return kit_child_fail("\"%s\" carries our reference in \"%s\", which \"find\" does not "
                                  "list", e->name, e->document);
    }
    return creates ? KIT_PASS : kit_child_nothing("nothing is made");
}

static enum kit_child_outcome updates(const struct kit_run *r)
{
    const struct catalogue *c = r->catalogue;
    int count = 0;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        for (int k = 0; k < e->field_count; k++) {
            count++;
            if (e->fields[k].type == FIELD_OBJECT && e->fields[k].field_count == 0 &&
                e->fields[k].required)
                return kit_child_fail("field \"%s\" of \"%s\" is required and says nothing of what "
                                      "is in it", e->fields[k].name, e->name);
        }
    }
    return count ? KIT_PASS : kit_child_nothing("its entities have open shapes");
}

/* ---- the manual page ---- */

/* Does the page hold it as a word of its own? roff writes a hyphen as \- too. */
static bool told(const char *page, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = page; *at; at++) {
        size_t i = 0;
        const char *p = at;
        if (at > page && (isalnum((unsigned char)at[-1]) || at[-1] == '_'))
            continue;
        for (; i < n; i++, p++) {
            if (*p == '\\' && (p[1] == '-' || p[1] == '&'))
                p += p[1] == '-' ? 1 : 2;
            if (*p != name[i])
                break;
        }
        if (i == n && !isalnum((unsigned char)*p) && *p != '_')
            return true;
    }
    return false;
}

static enum kit_child_outcome manual(const struct kit_run *r)
{
    const struct catalogue *c = r->catalogue;
    const char *page = r->manual;
    if (r->plugin->connector.check)
        return kit_child_nothing("descriptions have manuals of their own");
    if (!page)
        return kit_child_fail("there is no %s.7 or koppel-%s.7 beside it, and no \"manual\" in "
                              "%s.test.conf", r->plugin->entry.name, r->plugin->entry.name,
                              r->plugin->entry.name);
    for (int i = 0; i < c->setting_count; i++) {
        if (!told(page, c->settings[i].name))
            return kit_child_fail("%s lacks the setting \"%s\"", r->manual_path,
                                  c->settings[i].name);
    }
    for (int i = 0; i < c->entity_count; i++) {
        if (!told(page, c->entities[i].name))
            return kit_child_fail("%s lacks the entity \"%s\"", r->manual_path,
                                  c->entities[i].name);
    }
    for (int i = 0; i < c->function_count; i++) {
        if (!told(page, c->functions[i].name))
            return kit_child_fail("%s lacks the function \"%s\"", r->manual_path,
                                  c->functions[i].name);
    }
    return KIT_PASS;
}

/* ---- against the version before ---- */

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static json_t *named(const json_t *list, const char *name)
{
    json_t *one;
    size_t i;
    json_array_foreach(list, i, one) {
        if (strcmp(json_is_string(one) ? json_string_value(one) : text(one, "name"), name) == 0)
            return one;
    }
    return NULL;
}

/* Everything named before is there still, and what of it has a type has the same. */
static bool kept(const json_t *before, const json_t *now, const char *list, const char *of,
                 char *why, size_t room)
{
    json_t *one;
    size_t i;
    json_array_foreach(json_object_get(before, list), i, one) {
        const char *name = json_is_string(one) ? json_string_value(one) : text(one, "name");
        const json_t *other = named(json_object_get(now, list), name);
        if (!other) {
            snprintf(why, room, "%s \"%s\"%s is gone", list, name, of);
            return false;
        }
        if (strcmp(text(one, "type"), text(other, "type")) != 0) {
            snprintf(why, room, "%s \"%s\"%s has another type", list, name, of);
            return false;
        }
    }
    return true;
}

static enum kit_child_outcome compatible(const struct kit_run *r)
{
    const json_t *now = r->catalogue->json;
    char why[256] = "", of[96];
    json_t *one;
    size_t i;
    if (!r->previous)
        return kit_child_nothing("--previous gives no catalogue to compare with");
    if (!kept(r->previous, now, "settings", "", why, sizeof why) ||
        !kept(r->previous, now, "entities", "", why, sizeof why) ||
        !kept(r->previous, now, "choices", "", why, sizeof why) ||
        !kept(r->previous, now, "functions", "", why, sizeof why))
        return kit_child_fail("%s", why);
    json_array_foreach(json_object_get(now, "settings"), i, one) {
        const json_t *old = named(json_object_get(r->previous, "settings"), text(one, "name"));
        if (json_is_true(json_object_get(one, "required")) &&
            !(old && json_is_true(json_object_get(old, "required"))))
            return kit_child_fail("setting \"%s\" is required now", text(one, "name"));
    }
    json_array_foreach(json_object_get(r->previous, "entities"), i, one) {
        const json_t *other = named(json_object_get(now, "entities"), text(one, "name"));
        snprintf(of, sizeof of, " of \"%.80s\"", text(one, "name"));
        if (!kept(one, other, "fields", of, why, sizeof why) ||
            !kept(one, other, "can", of, why, sizeof why) ||
            !kept(one, other, "find", of, why, sizeof why) ||
            !kept(one, other, "options", of, why, sizeof why))
            return kit_child_fail("%s", why);
        if (strcmp(text(one, "key"), text(other, "key")) != 0)
            return kit_child_fail("the key of \"%s\" is another field, so every record would be "
                                  "new", text(one, "name"));
    }
    return KIT_PASS;
}

const struct kit_check kit_catalogue_checks[] = {
    {"C1", KIT_BOTH, "everything that people choose from has words",
     "Settings, entities and functions are shown with them on pages and in `koppel plugins show`; "
     "add \"help\" and \"title\".", helps},
    {"C2", KIT_CONNECTOR, "settings that hold a secret say so",
     "Only then are they masked everywhere; add \"secret\": true.", secrets},
    {"C3", KIT_CONNECTOR, "it has the functions that its catalogue needs, with close()",
     "A function that no entity declares is never called; add the word to \"can\" or leave it "
     "out.", functions},
    {"C4", KIT_CONNECTOR, "fields with the role of an amount are decimals",
     "By their roles the core adds documents up to the cent; give the field the type "
     "\"decimal\", \"date\" or \"time\".", roles},
    {"C5", KIT_CONNECTOR, "what is looked up before it is made can be found",
     "Else a lost answer makes it twice; name the field in \"document\" or \"match\", and in "
     "\"find\".", repeats},
    {"C6", KIT_CONNECTOR, "what must be given can be given",
     "A mapping is held against it; an object that is required tells its fields.", updates},
    {"C7", KIT_BOTH, "the manual page tells every setting, entity and function",
     "It is what a user has; write each name into it.", manual},
    {"C8", KIT_BOTH, "what the version before had is there still",
     "Configurations that were right stay right; keep the old name beside the new one.",
     compatible},
    {0},
};

/* SPDX-License-Identifier: MIT
 * What behaviours ask of a record and do to it. */
#include "behaviour/subject.h"

#include <string.h>

#include "mapping/map.h"
#include "model/complete.h"

const char *subject_text(const struct subject *s, const char *name)
{
    const char *text = json_string_value(json_object_get(s->core, name));
    return text ? text : "";
}

const char *subject_setting(const struct subject *s, const char *name)
{
    const char *text = json_string_value(json_object_get(s->settings, name));
    return text ? text : "";
}

bool subject_setting_is(const struct subject *s, const char *name, const char *value)
{
    return strcmp(subject_setting(s, name), value) == 0;
}

void subject_note(const struct subject *s, const char *name, const char *text)
{
    if (s->notes)
        json_array_append_new(s->notes, json_pack("{s:s,s:s}", "step", name, "detail", text));
}

/* Does the destination number its records with whole numbers? */
static bool whole_numbers(const struct cat_entity *e)
{
    for (int i = 0; i < e->match_count; i++) {
        const struct cat_field *field = catalogue_field(e, e->match[i].field);
        if (field && strcmp(e->match[i].core, "article_number") == 0)
            return field->type == FIELD_INTEGER;
    }
    return false;
}

const char *subject_nothing(const struct subject *s, const char **why)
{
    return s->there ? NULL : complete_nothing(s->flow->model, s->core, why);
}

const char *subject_no_lines(const struct subject *s, const char **why)
{
    return map_reads(s->send, "lines") ? subject_nothing(s, why) : NULL;
}

int subject_complete(struct subject *s, struct koppel_error *err)
{
    const struct conf_setting *places = conf_setting(s->flow->to, "price_places");
    struct model_facts facts = {.settings = s->settings,
                                .whole_numbers = whole_numbers(s->entity),
                                .destination = s->flow->to->name,
                                .notes = s->notes,
                                .price_places = places ? (int)places->number : 0};
    return complete_record(s->flow->model, s->core, &facts, err);
}

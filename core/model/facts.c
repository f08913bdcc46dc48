/* SPDX-License-Identifier: MIT
 * Settings, home and notes of a rule. */
#include "model/facts.h"

#include <string.h>

#include "base/words.h"

static const char *text_in(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

const char *facts_setting(const struct model_facts *facts, const char *name)
{
    return text_in(facts->settings, name);
}

const char *facts_home(const struct model_facts *facts, const char *name)
{
    static const char *const usual[][2] = {{"country", "NL"}, {"currency", "EUR"},
                                           {"zone", "Europe/Amsterdam"}, {"language", "nl"}};
    const char *text = text_in(json_object_get(facts->settings, "home"), name);
    for (size_t i = 0; !*text && i < sizeof usual / sizeof usual[0]; i++) {
        if (strcmp(usual[i][0], name) == 0)
            text = usual[i][1];
    }
    return text;
}

const char *facts_word(const struct model_facts *facts, const char *name)
{
    const char *text = words_find(facts_home(facts, "language"), name);
    return text ? text : name;
}

void facts_note(const struct model_facts *facts, json_t *note_take)
{
    if (facts->notes && note_take)
        json_array_append_new(facts->notes, note_take);
    else
        json_decref(note_take);
}

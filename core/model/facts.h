/* SPDX-License-Identifier: MIT
 * What the rules of the models know besides the record. */
#ifndef KOPPEL_MODEL_FACTS_H
#define KOPPEL_MODEL_FACTS_H

#include <jansson.h>
#include <stdbool.h>

struct model_facts {
    /* of the flow's model, with defaults: texts; and the objects `home` and `words` */
    const json_t *settings;
    bool whole_numbers;      /* the destination numbers articles with whole numbers only */
    const char *destination; /* its name, for messages */
    json_t *notes;           /* receives what was done on the way; may be NULL */
    int price_places;        /* digits behind the point of a price there; 0: four */
};

/* A setting as text, "" where there is none. */
const char *facts_setting(const struct model_facts *facts, const char *name);
/* The home setting's country, currency, zone or language; where a caller has none, that of the
 * Netherlands. */
const char *facts_home(const struct model_facts *facts, const char *name);
/* A word of base/words.h in the home language. */
const char *facts_word(const struct model_facts *facts, const char *name);
/* Takes a note over; NULL is none. */
void facts_note(const struct model_facts *facts, json_t *note_take);

#endif

/* SPDX-License-Identifier: MIT
 * What is special about a core model on the way of its records: one struct per model, chosen once,
 * when a flow or a reference is set up. The flow asks; it never compares a model's name. A new
 * model is one file, and one line in behaviour.c. What the destination calls its fields is asked of
 * its catalogue by role. Behaviours see a record and its surroundings, no store and no network. */
#ifndef KOPPEL_BEHAVIOUR_BEHAVIOUR_H
#define KOPPEL_BEHAVIOUR_BEHAVIOUR_H

#include "behaviour/subject.h"

#define BEHAVIOUR_UNIQUE_MAX 2

struct behaviour {
    const char *model; /* of model_find() */

    /* Records of this model travel one way between two connections, never both. */
    bool one_way;
    /* A record waits while its article (`number`) has sales that are not in the books yet. */
    bool held;
    /* A document: what it shows of others (an article's name) is as it was then, so that its
     * version alone tells whether it changed. */
    bool document;
    /* This model's documents are the sales that hold others back. */
    bool sells;
    /* The match key that decides alone where a record has it; NULL: none. */
    const char *deciding;
    /* Members that only one record of the source may have; ends with NULL. */
    const char *unique[BEHAVIOUR_UNIQUE_MAX + 1];

    /* Applies the model's rules to the core record: computes what is missing, refuses what cannot
     * be sent (KOPPEL_E_REJECTED with a reason). NULL: none. */
    int (*complete)(struct subject *s, struct koppel_error *err);
    /* Why there is nothing to send, as a reason code with its sentence in *why; NULL: there is. */
    const char *(*nothing)(const struct subject *s, const char **why);
    /* Did the record end at the source, so that only its link is closed? NULL: never. */
    bool (*ended)(const struct subject *s);
    /* Leaves out what is to stay as it is at the destination. NULL: nothing. */
    void (*keep)(struct subject *s);
    /* May it be sent as it is? KOPPEL_E_REJECTED with a reason. NULL: yes. */
    int (*check)(const struct subject *s, struct koppel_error *err);
    /* What is left out on the way, as one sentence; told once per run. NULL: nothing. */
    const char *(*left_out)(const struct subject *s);
    /* What tells whether anything changed: a new reference. NULL: the whole record. */
    json_t *(*compared)(const struct subject *s);

    /* Under which name it is looked for and made, so that two records that are one there wait for
     * one another. Writes at most room bytes. NULL: its key alone. */
    void (*lock)(const struct subject *s, char *out, size_t room);
    /* Is it found again by a match key once it was made? NULL: yes. */
    bool (*findable)(const struct subject *s);
    /* Is what was found by this match key really it? NULL: yes. */
    bool (*same)(const struct subject *s, const struct cat_match *match, const json_t *record);
    /* May it use what was made for another record of the source? KOPPEL_E_REJECTED where not; NULL
     * (the member): every hit is its own. */
    int (*share)(const struct subject *s, const json_t *record, const char *other,
                 struct koppel_error *err);
    /* Of which kind it is, as one letter that goes before the digest of its link; NULL: all are one
     * kind. */
    char (*kind)(const struct subject *s);
    /* It is of another kind than what stands there: what the policy makes of it. *make_new: a new
     * one beside it. KOPPEL_E_REJECTED: a person decides. */
    int (*turned)(struct subject *s, char was, const char *policy, bool *make_new,
                  struct koppel_error *err);
};

/* Never NULL: a model of which nothing is special has the plain one. */
const struct behaviour *behaviour_for(const char *model);

#endif

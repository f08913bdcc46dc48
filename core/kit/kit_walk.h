/* SPDX-License-Identifier: MIT
 * All that the catalogue says a connector can do, asked one after another. */
#ifndef KOPPEL_KIT_KIT_WALK_H
#define KOPPEL_KIT_KIT_WALK_H

#include "kit/kit_session.h"

#define KIT_WALK_STEPS 512

struct kit_walk {
    struct kit_step steps[KIT_WALK_STEPS];
    int count;
    json_t *records; /* that its writes point into */
};

/* Everything that can be asked; writing: with the writes, of records that the notes name, or else
 * made up. */
void kit_walk_plan(const struct kit_run *r, bool writing, struct kit_walk *out);
void kit_walk_done(struct kit_walk *w);
/* A record of the entity with a value in each field. A new reference. */
json_t *kit_walk_record(const struct cat_entity *e);
/* The record that the notes give for writing; a new reference, NULL: none. */
json_t *kit_walk_noted(const struct kit_run *r, const struct cat_entity *e);

/* Looks at what came of a step: a sentence into text where it is wrong. false: nothing more is
 * asked. */
typedef bool kit_walk_judge(void *arg, struct kit_session *s, const struct kit_step *step,
                            const struct kit_answer *a, char *text, size_t room);

/* How each step is asked: with an instance of its own, whose host is a copy of this. */
struct kit_walk_manner {
    struct kit_host host;
    const struct conf_connection *conf; /* NULL: the made-up one */
    bool writing, grown;
    kit_walk_judge *judge;              /* NULL: only what holds for every answer */
    void *arg;
    /* Before each step, where the manner changes with it; NULL. */
    void (*before)(void *arg, struct kit_host *host, const struct kit_step *step);
};

/* Asks everything. A step that is wrong ends it as a failure of the check. *requests (may be NULL)
 * receives how many went to the peer. */
enum kit_child_outcome kit_walk_all(const struct kit_run *r, const struct kit_walk_manner *m,
                                    int *requests);

#endif

/* SPDX-License-Identifier: MIT
 * A job between reading and settling, and what its steps share: prepare.c makes the core record,
 * document.c the destination's, advance.c decides what comes next, send.c writes, settle.c tells
 * the store how it ended. */
#ifndef KOPPEL_FLOW_WORK_H
#define KOPPEL_FLOW_WORK_H

#include "behaviour/behaviour.h"
#include "flow/digest.h"
#include "flow/flow.h"
#include "flow/knowledge.h"
#include "flow/links.h"
#include "flow/send.h"

#define WORK_FACTS 6 /* link changes beside its own that one job may settle with */

/* What is to happen at the destination. */
enum work_goal {
    GOAL_DELIVER,  /* the record is to stand there as it is */
    GOAL_WITHDRAW, /* it was delivered, and is cancelled or gone at the source */
};

/* A reference that was taken from its link without asking the destination. */
struct work_used {
    struct work_used *next;
    const struct cat_entity *entity;
    char *scope, *key, *id, *alias;
    const char *alias_field; /* of its entity, that the alias is taken from; borrowed */
};

struct work {
    struct flow *flow;
    struct links *links;
    struct store_job *job;
    enum work_goal goal;

    /* the outcome */
    bool settled;            /* it is final; else the job stays in the log */
    bool left;               /* not final, and not gone on with in this batch */
    enum job_state state;
    char reason[48];
    bool ours;               /* PARKED: by a mistake of the program or a plugin */
    char detail[ERR_TEXT_BYTES];
    char *remote_id;
    int64_t retry_in_ms;     /* WAITING */
    bool counts;             /* WAITING: the attempt counts */

    /* the record */
    json_t *source, *core;
    json_t *document;        /* in the destination's shape; NULL: not made yet */
    bool is_core;            /* what was read is a core record: the get mapping is left out */
    bool gone;               /* at the source */
    bool again;              /* it was read again on purpose: the destination is asked for it */
    bool remake;             /* and made anew, where it is not there */
    char *dropped;           /* why a record function leaves it out; NULL: none does */
    bool ends;               /* made inactive, as it left or is gone */
    char digest[DIGEST_BYTES + 1]; /* of what is compared, after its kind's letter */
    bool resolved;           /* its references are, and their aliases stand in core */
    struct work_used *used;

    /* what is known of it at the destination */
    struct store_link *link; /* in links */
    enum asked asked;
    int looked;              /* so many match keys gave nothing already */
    bool taken;              /* a create was answered: it is there already; so it is looked for */
    json_t *present;         /* what was found; NULL: nothing, or not asked */
    char *present_id;
    bool matched;            /* found by a match key in this attempt, not known before */
    bool make_new;           /* beside the one that its link knows, which stays as it is */
    bool arrived;            /* what was begun before turned out to be done */
    bool verified;           /* its references were asked for after a refusal */
    int rounds;              /* steps of this attempt */
    int writes;              /* and its writes */
    bool put;                /* the link has changed: settle with it */

    /* the write at hand; write is WRITE_NONE where there is none */
    struct send send;
    char *send_ref;
    json_t *send_record;
    char send_digest[DIGEST_BYTES + 1];
    bool send_repeats;       /* what was begun before, once more */
    bool send_last;          /* nothing follows it */
    const char *send_reason; /* the outcome's, once it is done: "updated"; "" for a create */

    /* Of a preview: what would be sent, in order (send_show.h), in the place of sending it. NULL:
     * it is none. Borrowed. */
    json_t *shown;
    /* What the mappings did, for who asks; NULL: nobody does. Borrowed. */
    struct map_recorder *explain_get, *explain_send;
    json_t *steps, *trace;   /* what was done, and the HTTP exchanges, for the activity */
    char *activity, *brief_text, *facts_text; /* JSON text; NULL: none */
    char *cause;             /* what it waits for; NULL: nothing */
    char *words[STORE_WORDS]; /* that it is found by */
    int word_count;
    struct store_link_change fact[WORK_FACTS + 1]; /* keys and texts below are owned */
    char *fact_text[WORK_FACTS * 3];
    int fact_count;
    const char *claim[BEHAVIOUR_UNIQUE_MAX]; /* of unique.c; owned */
    int claim_count;
};

/* -1: no memory. */
int work_init(struct work *w, struct flow *f, struct links *links, struct store_job *job);
void work_done(struct work *w);

/* The record as its behaviour sees it. Borrows. */
struct subject work_subject(struct work *w);
/* Has a setting of its model this value? */
bool work_setting_is(struct work *w, const char *name, const char *value);
/* Where it is of another kind than what stands there: what the policy makes of it, perhaps a new
 * one (w->make_new). KOPPEL_E_REJECTED: a person decides. */
int work_turn(struct work *w, struct koppel_error *err);

/* Ends the job; detail may be NULL. */
void work_end(struct work *w, enum job_state state, const char *reason, const char *detail);
/* Parks it with the error's reason, words and facts. */
void work_park(struct work *w, const struct koppel_error *err);
/* Lets its key step aside for so long. */
void work_wait(struct work *w, const char *reason, const char *detail, int64_t retry_in_ms,
               bool counts);
/* Ends it as skipped, with its link as it is. */
void work_skip(struct work *w, const char *reason, const char *detail);
/* A step for the activity. */
void work_note(struct work *w, const char *name, const char *text);
/* Another fact to remember when the job settles: scope/key -> text. */
int work_remember(struct work *w, const char *scope, const char *key, const char *text,
                  struct koppel_error *err);

/* A text member of the core record, "" where there is none. */
const char *work_text(const struct work *w, const char *name);
/* Forgets what was found, so that it is looked up anew. */
void work_look_anew(struct work *w);
/* The reference that the document has, or had when it was first sent; "": none. Borrowed. */
const char *work_reference(const struct work *w);
/* What is left of the quiet time of its link; 0: over. */
int64_t work_quiet_ms(const struct work *w);

#endif

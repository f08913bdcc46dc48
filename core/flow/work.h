/* SPDX-License-Identifier: MIT
 * A job between reading and settling, and what its steps share: prepare.c makes the core record,
 * look.c and send.c bring it to the destination, correct.c posts differences, deliver.c settles. */
#ifndef KOPPEL_FLOW_WORK_H
#define KOPPEL_FLOW_WORK_H

#include "flow/flow.h"

#define WORK_TRIES 3  /* tries of a job in place before its key steps aside */
#define WORK_LINKS 6  /* link changes that one job may settle with */

/* What is to happen at the destination. */
enum work_goal {
    GOAL_DELIVER,  /* the record is to stand there as it is */
    GOAL_WITHDRAW, /* it was delivered, and is cancelled or gone at the source */
};

struct work {
    struct store_job *job;
    enum work_goal goal;
    bool settled;            /* the outcome is final; else it stays in the log */
    enum job_state state;
    char reason[48];
    char detail[ERR_TEXT_BYTES];
    char *remote_id;
    int64_t next_at_ms;
    json_t *source, *core, *document;
    json_t *steps, *trace;   /* what was done, and the HTTP exchanges, for the activity */
    json_t *present;         /* the destination's record, where it was looked up; else NULL */
    char digest[FLOW_DIGEST_BYTES];
    struct store_link link;  /* what the key was delivered as before */
    int linked;              /* by the store */
    bool matched;            /* by a match key only: link.id is set, the store knows nothing */
    int looked; /* so many match keys gave nothing already; for the next look-up only */
    bool relink;             /* the outcome changes the link */
    bool close;              /* and closes it: the source is gone */
    json_t *claims;          /* of unique.c; NULL: none */
    char *activity;
    struct store_link_change
        change[WORK_LINKS]; /* besides the link; keys and values below are owned */
    char *change_text[WORK_LINKS * 3];
    int change_count;
};

/* -1: no memory. */
int work_init(struct work *w, struct store_job *job);
void work_done(struct work *w);

/* Ends the job; detail may be NULL. */
void work_end(struct work *w, enum job_state state, const char *reason, const char *detail);
/* Parks it with the error's reason and words. */
void work_park(struct work *w, const struct koppel_error *err);
/* A step for the activity. */
void work_note(struct work *w, const char *name, const char *text);
/* What a failure means for the job (design 4; the only interpreter of error kinds). true: it may be
 * tried again in place. */
bool work_failed(struct flow *f, struct work *w, int tries, const struct koppel_error *err);
/* Another fact to remember when the job settles as done: scope/key -> id. */
int work_remember(struct work *w, const char *scope, const char *key, const char *id,
                  struct koppel_error *err);
/* The outcome for the store; borrows from w. */
void work_outcome(struct flow *f, struct work *w, struct store_outcome *out);

/* A text member of the core record, "" where there is none. */
const char *work_text(const struct work *w, const char *name);
/* A model setting of the flow, "" where there is none. */
const char *flow_setting(const struct flow *f, const char *name);
bool flow_setting_is(const struct flow *f, const char *name, const char *value);

/* prepare.c: everything that needs no destination. Leaves w->settled false where the job must be
 * sent. */
int work_prepare(struct flow *f, struct work *w, struct koppel_error *err);

/* peer.c */
/* The send mapping's record in w->document, with the references resolved. Repeatable. */
int work_document(struct flow *f, struct work *w, struct koppel_error *err);
/* Looks for the document by a reference of ours: *hit receives id and record (caller frees both),
 * NULL where it is not there. */
int work_look_up(struct flow *f, struct work *w, const char *key, char **id, json_t **record,
                 struct koppel_error *err);
/* One create or update; the peer's id in *id (caller frees). */
int work_write(struct flow *f, struct work *w, uint32_t verb, const char *id, json_t *record,
               char **out_id, struct koppel_error *err);
/* One look-up by a field: the number of hits but for the id to skip (NULL: none); the first one's
 * id and record are the caller's. -1 and err. */
int work_find(struct flow *f, struct work *w, const char *field, const char *key, const char *skip,
              char **id, json_t **record, struct koppel_error *err);
/* Does the record balance, where its entity says that it must? */
int flow_balance(const struct cat_entity *e, const json_t *record, struct koppel_error *err);

/* send.c: sends one job; settles it unless the flow stops. */
void work_send(struct flow *f, struct work *w);
/* Sends those of the works that are not settled, as many per call as the destination takes. */
void work_send_all(struct flow *f, struct work *works, int count);

/* look.c: a record that carries no reference of ours is looked for by its match keys, in order: a
 * customer that is there already is updated, not made again. One hit becomes the link; several park
 * the job. The e-mail address of a customer who has one decides alone. skip: an id that it must not
 * become; NULL: any. */
int work_match(struct flow *f, struct work *w, const char *skip, struct koppel_error *err);
/* The same ahead for many, by the first key that each of them has. */
void work_match_all(struct flow *f, struct work *works, int count);

/* change.c: a document that was delivered has changed, or is withdrawn. */
int work_change(struct flow *f, struct work *w, struct koppel_error *err);

/* correct.c: posts what is missing between the documents that stand there and the one that should
 * (document NULL: none). *posted: a document was made; its id is in w->remote_id. */
int work_correct(struct flow *f, struct work *w, json_t *document, bool *posted,
                 struct koppel_error *err);

/* unique.c: no two records of the source may have the same number or barcode. */
int work_unique(struct flow *f, struct work *w, struct koppel_error *err);
/* After the job was settled, or given up. */
void work_unique_done(struct work *w);

/* customer.c: has it a key by which it is found again once it was made? Its number is the source's
 * own. */
bool flow_customer_findable(const struct cat_entity *e, const json_t *customer);
/* The lock under which it is looked for and made: two customers with one e-mail address are one. */
void flow_customer_lock(const char *scope, const json_t *customer, char *out, size_t room);
/* Has the record that was found by the customer's number its name too? Numbers of two systems may
 * be those of two people. */
bool flow_customer_same(const struct conf_mapping *send, const json_t *customer,
                        const json_t *record);
/* A known customer of another type than before: policy "park" rejects it ("customer.type"),
 * "convert" sets type_changed in the record, "new" sets *make_new. */
int flow_customer_type(struct flow *f, const char *scope, const char *key, json_t *customer,
                       const char *policy, bool *make_new, struct koppel_error *err);
/* Remembers what it is, once it was sent. */
int flow_customer_sent(struct flow *f, const char *scope, const char *key, const json_t *customer,
                       struct koppel_error *err);

/* hold.c: is the article of this stock record held by sales that are not in the books yet? *why:
 * the reason (caller frees), NULL: free to go. */
int flow_held(struct flow *f, const char *article, char **why, struct koppel_error *err);

#endif

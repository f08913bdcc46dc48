/* SPDX-License-Identifier: MIT
 * The entities by table: what each is, and which file does what with it. */
#ifndef ASPERION_ENTITIES_H
#define ASPERION_ENTITIES_H

#include "api.h"

#define ID_BYTES 64
#define PATH_BYTES 160

/* What is special about an entity; its path and its fields are in the catalogue. */
struct entity {
    const char *name; /* in the catalogue */
    const char *read_what, *find_what, *create_what, *update_what;
    const char *changed;     /* members of a row that tell when it changed, the later a fallback */
    const char *added;
    const char *own_keys[2]; /* fields by which a created record is found if the answer is empty */
    const char *package;     /* of Asperion, that the administration must have; NULL: any has it */
    bool active_state;       /* lists need ActiveState to show inactive rows */
    bool periods;            /* bookyear and bookperiod may be taken from the date */
    bool journal;            /* journal entries: see journal.c */
    bool article;            /* read without the figures of its stock */
    bool stock;              /* the option "locations" tells whether they are wanted */
    bool parties;            /* read with their debtor and articles: see orders.c */
};

/* An entity with what the effective catalogue says of it. */
struct entity_use {
    const struct entity *kind;
    json_t *entry, *fields; /* borrowed from the catalogue */
    char path[PATH_BYTES];  /* under /v1/ */
    char setting[64];       /* that the path is from; "": none */
};

int entities_use(struct asperion *a, const char *name, struct entity_use *out,
                 struct koppel_error *err);
/* Fills in what every call of the entity needs. */
struct api_request entities_request(const struct entity_use *u, const char *what);

int entities_read(struct asperion *a, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);

/* ---- find.c ---- */

int entities_find(struct asperion *a, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);
/* Every row whose member equals the key, in a new array; NULL and err. year: of the books, where
 * the entity is listed by year; 0: this one and the two before. */
json_t *find_rows(struct asperion *a, const struct entity_use *u, const char *wire, const char *key,
                  int64_t year, struct koppel_error *err);

/* ---- write.c ---- */

int entities_write(struct asperion *a, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);

/* ---- journal.c ---- */

/* Book year and period are explicit inputs of the service; it does not take them from the date. */
void journal_periods(json_t *fields, json_t *body);
/* Gives every line what the service expects of it, and leaves out lines of zero. */
int journal_complete(struct asperion *a, json_t *fields, json_t *body, struct koppel_error *err);
/* The inverse for a record that was read: takes away what says nothing. */
void journal_tidy(json_t *record);
/* The book year of a record that is about to be written; 0: it has none. */
int64_t journal_year(const json_t *record);

/* ---- orders.c ---- */

/* Before the rows of a page: forgets what was looked up too long ago. */
int orders_begin_page(struct asperion *a, struct koppel_error *err);
/* Adds "debtor" to a record and "article" to its lines. */
int orders_add_parties(struct asperion *a, json_t *record, struct koppel_error *err);
void orders_forget(struct asperion *a);

/* ---- choices.c ---- */

int choices_list(struct asperion *a, const char *list, struct koppel_list *out,
                 struct koppel_error *err);
/* The path of a list under /v1/; NULL: there is no such list. */
const char *choices_path(struct asperion *a, const char *list);
/* Finds the administration that is set among those of this login and reports it. */
int choices_probe(struct asperion *a, struct koppel_list *facts, struct koppel_error *err);

/* ---- verify.c ---- */

int verify_entity(struct asperion *a, const char *entity, struct koppel_list *out,
                  struct koppel_error *err);

#endif

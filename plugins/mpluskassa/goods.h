/* SPDX-License-Identifier: MIT
 * What the files of the goods side share: fetching products, comparing records, group trees. */
#ifndef MPLUSKASSA_GOODS_H
#define MPLUSKASSA_GOODS_H

#include "call.h"

#define GOODS_CHUNK 100 /* numbers that one getProducts asks for */

/* getProducts for the values of one member: articleNumbers, productNumbers, or pluNumbers. values:
 * array of texts. siblings: the other articles of their products too. *answer: a new reference.
 * bad NULL: one article that cannot be read fails the call; else it is told there, to be freed with
 * soap_read_free(). */
int goods_fetch(struct mplus *m, const char *member, const json_t *values, bool siblings,
                json_t **answer, struct soap_unreadable **bad, struct koppel_error *err);

/* A new record of entity article: the article with the number and groups of its product. */
json_t *goods_article(const json_t *product, const json_t *article);

/* The article with that number in an answer of getProducts, borrowed, and its product; NULL: there
 * is none. */
json_t *goods_pick(const json_t *answer, const char *number, json_t **product);

#define GOODS_KEY_BYTES 24

/* The number of the product that groups the variants of one source number: that number itself where
 * it is a whole one, else one that is always the same for that text. So a product needs no link to
 * be found again. false: the text is blank. */
bool goods_product_key(const char *text, char out[GOODS_KEY_BYTES]);

/* A product in the form in which the till would answer it ("12.5" is "12.50" there): a new
 * reference. Fails on what no message can hold. */
int goods_canonical(struct mplus *m, const json_t *product, json_t **out, struct koppel_error *err);

/* The members of wanted whose value is not what present has: a new reference, maybe empty. NULL: no
 * memory. */
json_t *goods_changes(const json_t *present, const json_t *wanted);

/* The product with that number, a new reference; *product NULL: there is none. */
int goods_product(struct mplus *m, const char *number, json_t **product, struct koppel_error *err);

/* The groups that an updated product must name: those of the record, and those it has where other
 * articles share it or the record names none. A new array; NULL: no memory. *changed: they differ
 * from what it has. */
json_t *goods_groups(const json_t *product, const json_t *wanted, bool shared, bool *changed);

/* Reports an item that needed no call: done, with the answer {"unchanged": true}. */
int goods_unchanged(struct mplus *m, uint32_t index, const char *id, const char *key,
                    struct koppel_results *out, struct koppel_error *err);

#endif

/* SPDX-License-Identifier: MIT
 * Looking things up in the description that a service gives of itself: Swagger 2.0 or OpenAPI 3.
 * Knows nothing of Asperion. All results are borrowed from the document; NULL where there is none.
 */
#ifndef ASPERION_OPENAPI_H
#define ASPERION_OPENAPI_H

#include <jansson.h>
#include <stdbool.h>

/* What is described for a path such as "/v1/articles" or "/v1/articles/{id}". Letter case and a
 * slash at the end do not count; what is in braces matches anything in braces, v{version} "v1". */
const json_t *openapi_path(const json_t *doc, const char *path);
/* The described path whose spelling is nearest, without its id part. */
const char *openapi_near_path(const json_t *doc, const char *path);

/* Follows $ref. */
const json_t *openapi_resolve(const json_t *doc, const json_t *any);
/* The parameter of that name in the query, in any letter case; resolved. */
const json_t *openapi_query(const json_t *doc, const json_t *item, const json_t *operation,
                            const char *name);
/* The schema of what the operation takes as JSON. */
const json_t *openapi_body(const json_t *doc, const json_t *operation);
/* The schema of what it answers with 200 or 201. */
const json_t *openapi_answer(const json_t *doc, const json_t *operation);

/* A property of a schema, resolved; those of allOf are its own. */
const json_t *openapi_member(const json_t *doc, const json_t *schema, const char *name);
/* The property whose name is nearest; also one that differs in letter case only. */
const char *openapi_near_member(const json_t *doc, const json_t *schema, const char *name);
/* Calls visit for each required property. */
void openapi_required(const json_t *doc, const json_t *schema,
                      void (*visit)(void *arg, const char *name), void *arg);
/* Whether a value of this JSON type ("string", "integer", ...) is among what the schema allows; a
 * schema that names no type allows every one. */
bool openapi_allows(const json_t *doc, const json_t *schema, const char *type);
/* The type that the schema names, for people. */
const char *openapi_type(const json_t *doc, const json_t *schema);

#endif

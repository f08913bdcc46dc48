/* SPDX-License-Identifier: MIT
 * Memory of JSON values. A record is hundreds of small pieces that come and go together; each
 * thread keeps some that it freed for the next one, instead of asking malloc for every member.
 *
 * What is handed out is malloc's own, so that free() takes it too: what json_dumps gives is freed
 * so. Under address and thread sanitizers nothing is kept, as they would see less. */
#ifndef KOPPEL_BASE_JSON_POOL_H
#define KOPPEL_BASE_JSON_POOL_H

#define JSON_POOL_BYTES (256 * 1024) /* the most that a thread keeps */

/* Before any other thread runs, once. */
void json_pool_start(void);

#endif

/* SPDX-License-Identifier: MIT
 * Changes of alerts.conf in memory, and of the sealed files of its channels: what a save and a test
 * of what is on a screen have in common. */
#ifndef KOPPEL_SERVICE_ALERTS_FILE_H
#define KOPPEL_SERVICE_ALERTS_FILE_H

#include "config/conf_edit_files.h"
#include "service/service.h"

#define ALERTS_FILE "alerts.conf"

/* Is this member of a channel never shown? */
bool alerts_file_is_secret(const char *member);
/* The file as JSON (conf_edit_json.h); an empty object where there is none. */
int alerts_file_json(struct service *s, json_t **out, struct koppel_error *err);

/* files is zeroed but for its directory, and ended by conf_edit_files_done, also after -1.
 *
 * settings: the members that the channel is to have, but for its name; NULL: it goes. What is not
 * among them goes, but for secrets. secrets: texts, which are sealed, references, which stand as
 * they are, or null: it goes. Where there is no channel of that name it is made. */
int alerts_file_channel(struct conf_edit_files *files, struct service *s, const char *name,
                        const json_t *settings, const json_t *secrets, struct koppel_error *err);
/* The members that a rule is to have, but for its name; those that are not among them are as usual.
 * None: it is as usual as a whole. */
int alerts_file_rule(struct conf_edit_files *files, struct service *s, const char *rule,
                     const json_t *settings, struct koppel_error *err);
/* Members of the file's top; null: it goes. */
int alerts_file_general(struct conf_edit_files *files, struct service *s, const json_t *settings,
                        struct koppel_error *err);

#endif

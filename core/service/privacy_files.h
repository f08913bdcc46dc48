/* SPDX-License-Identifier: MIT
 * Files of the configuration that name a person, such as cases that somebody wrote by hand. */
#ifndef KOPPEL_SERVICE_PRIVACY_FILES_H
#define KOPPEL_SERVICE_PRIVACY_FILES_H

#include <jansson.h>

#include "service/address.h"

/* Adds the names, relative to dir, of files with .conf, .csv or .json at their end that hold the
 * address, on the disk or in what stands in its place: each once. What cannot be read is passed
 * over. -1: no memory. */
int privacy_files(const char *dir, struct address *a, json_t *out);

#endif

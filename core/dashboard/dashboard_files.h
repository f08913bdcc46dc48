/* SPDX-License-Identifier: MIT
 * Files for the browser: those that are compiled in, or for who works on them a folder
 * ($KOPPEL_ASSETS). */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_FILES_H
#define KOPPEL_DASHBOARD_DASHBOARD_FILES_H

#include "dashboard/dashboard_request.h"

/* Answers a GET or HEAD of a path that is none of the API. Never blocks for long. */
void dashboard_files_answer(struct dashboard_request *r);

#endif

/* SPDX-License-Identifier: MIT
 * The first step of a set-up: which two systems, and where the shop is. */
#ifndef KOPPEL_SERVICE_SETUP_SYSTEMS_H
#define KOPPEL_SERVICE_SETUP_SYSTEMS_H

#include "service/setup_step.h"

setup_step_build setup_systems_build;
setup_step_answer setup_systems_answer;

#endif

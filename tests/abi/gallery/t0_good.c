/* SPDX-License-Identifier: MIT
 * A transform with nothing wrong. */
#include "gallery_transform.h"

SHOUT(shout);

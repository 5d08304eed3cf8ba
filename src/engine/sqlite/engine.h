#pragma once

#include "engine/engine.h"

namespace rowferry::sqlite {

Engine engine();

}  // namespace rowferry::sqlite

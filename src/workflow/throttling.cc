#include "workflow/throttling.h"

#include "engine/engines.h"

namespace rowferry {

namespace {

void add_end(const std::string& name, const Url& url, const Surroundings& surroundings,
             std::vector<GaugedEnd>& ends) {
  const Engine& engine = find_engine(surroundings.engines, url.scheme);
  if (!engine.gauge) return;
  ends.push_back({.name = name, .open = [name, url, &engine](const std::stop_token& stop) {
                    try {
                      return engine.gauge(url, {.stop = stop});
                    } catch (Error& error) {
                      throw error.at(name + " " + url.text());
                    }
                  }});
}

std::unique_ptr<Throttle> make_throttle(const Request& request, const Surroundings& surroundings) {
  if (!request.limits.any() || surroundings.throttle != nullptr) return nullptr;
  std::vector<GaugedEnd> ends;
  if (request.limits.lag || request.limits.load) {
    add_end("source", request.source, surroundings, ends);
    add_end("target", request.target, surroundings, ends);
  }
  return std::make_unique<Throttle>(request.limits, std::move(ends), surroundings.progress,
                                    request.stop);
}

}  // namespace

Throttling::Throttling(const Request& request, const Surroundings& surroundings)
    : own_(make_throttle(request, surroundings)), surroundings_(surroundings) {
  if (own_) surroundings_.throttle = own_.get();
}

}  // namespace rowferry

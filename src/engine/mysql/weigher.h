#pragma once

#include <map>

#include "engine/mysql/connection.h"

namespace rowferry::mysql {

// Asks the server for WEIGHT_STRING. One thread.
class MysqlWeigher final : public Weigher {
 public:
  MysqlWeigher(const Url& url, const EndOptions& options) : connection_(url, options) {}

  std::vector<StandingKey> keys(const TableName& table) override;
  std::vector<std::string> weights(const TableName& table, const StandingKey::Part& part,
                                   const std::vector<std::string>& texts) override;

 private:
  struct Collation {
    std::string charset;
    std::string name;
  };

  Connection connection_;
  std::map<std::pair<TableName, std::string>, Collation> collations_;  // of columns that fold
};

}  // namespace rowferry::mysql

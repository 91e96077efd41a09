// The families of formatters; private to this room. Each refuses an argument it cannot use.
#pragma once

#include "templates/filter.hpp"

namespace posthorn::templates {

using made_formatter = result<std::unique_ptr<formatter>>;

made_formatter make_money(const filter_call& call, const std::string& language);
made_formatter make_number(const filter_call& call, const std::string& language);
made_formatter make_plural(const filter_call& call, const std::string& language);
made_formatter make_date(const filter_call& call, const std::string& language, const zone& local);
made_formatter make_truncate(const filter_call& call);
made_formatter make_case(const filter_call& call, const std::string& language);

void append_masked_name(std::string_view name, std::string& out);
void append_masked_number(std::string_view number, std::string& out);
void append_last(std::string_view text, std::int64_t count, std::string& out);

} // namespace posthorn::templates

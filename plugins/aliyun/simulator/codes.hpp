// What Aliyun says of a request, in its words; and how it can misbehave.
#pragma once

#include "sdk/simulator/http/options.hpp"
#include "sdk/simulator/http/words.hpp"

#include <cstdint>
#include <string_view>

namespace posthorn::aliyun::simulator {

constexpr std::string_view bad_request = "400 Bad Request", not_found = "404 Not Found";

constexpr posthorn::simulator::http::word codes[] = {
    // of the gateway that all of Aliyun's interfaces share
    {"Throttling.User", "Request was denied due to user flow control.", bad_request},
    {"Throttling.Api", "Request was denied due to api flow control.", bad_request},
    {"Throttling", "Request was denied due to request throttling.", bad_request},
    {"ServiceUnavailable", "The request has failed due to a temporary failure of the server.",
     "503 Service Unavailable"},
    {"InternalError", "The request processing has failed due to some unknown error.",
     "500 Internal Server Error"},
    {"InvalidAccessKeyId.NotFound", "Specified access key is not found.", not_found},
    {"InvalidAccessKeyId.Inactive", "Specified access key is disabled.", bad_request},
    {"IncompleteSignature", "The request signature does not conform to Aliyun standards.",
     bad_request},
    {"SignatureDoesNotMatch", "Specified signature is not matched with our calculation.",
     bad_request},
    {"SignatureNonceUsed", "Specified signature nonce was used already.", bad_request},
    {"InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.",
     bad_request},
    {"InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.", bad_request},
    {"InvalidVersion", "Specified parameter Version is not valid.", bad_request},
    {"InvalidAction.NotFound", "Specified api is not found, please check your url and method.",
     not_found},
    {"InvalidParameter", "The request is no HTTP that can be read.", bad_request},
    {"MissingPhoneNumbers", "PhoneNumbers is mandatory for this action.", bad_request},
    {"MissingPhoneNumberJson", "PhoneNumberJson is mandatory for this action.", bad_request},
    {"MissingSignName", "SignName is mandatory for this action.", bad_request},
    {"MissingSignNameJson", "SignNameJson is mandatory for this action.", bad_request},
    {"MissingTemplateCode", "TemplateCode is mandatory for this action.", bad_request},
    {"MissingPhoneNumber", "PhoneNumber is mandatory for this action.", bad_request},
    {"MissingSendDate", "SendDate is mandatory for this action.", bad_request},
    // of texts
    {"isp.SYSTEM_ERROR", "系统错误"},
    {"isp.RAM_PERMISSION_DENY", "RAM权限不足"},
    {"isv.OUT_OF_SERVICE", "业务停机"},
    {"isv.PRODUCT_UN_SUBSCRIPT", "未开通云通信产品的阿里云客户"},
    {"isv.PRODUCT_UNSUBSCRIBE", "产品未开通"},
    {"isv.ACCOUNT_NOT_EXISTS", "账户不存在"},
    {"isv.ACCOUNT_ABNORMAL", "账户异常"},
    {"isv.AMOUNT_NOT_ENOUGH", "账户余额不足"},
    {"isv.SMS_TEMPLATE_ILLEGAL", "模版不合法"},
    {"isv.SMS_SIGNATURE_ILLEGAL", "签名不合法"},
    {"isv.SIGN_NAME_ILLEGAL", "签名名称不符合规范"},
    {"isv.INVALID_PARAMETERS", "参数异常"},
    {"isv.INVALID_JSON_PARAM", "JSON参数不合法，只接受字符串值"},
    {"isv.TEMPLATE_MISSING_PARAMETERS", "模版缺少变量"},
    {"isv.PARAM_LENGTH_LIMIT", "参数超出长度限制"},
    {"isv.PARAM_NOT_SUPPORT_URL", "不支持URL"},
    {"isv.MOBILE_NUMBER_ILLEGAL", "非法手机号"},
    {"isv.MOBILE_COUNT_OVER_LIMIT", "手机号码数量超过限制"},
    {"isv.BLACK_KEY_CONTROL_LIMIT", "黑名单管控"},
    {"isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1"},
    {"isv.DAY_LIMIT_CONTROL", "触发日发送限额"},
    {"isv.MONTH_LIMIT_CONTROL", "触发月发送限额"},
};

/// 0: it is none of them.
constexpr std::uint32_t status_named(std::string_view code) {
    return posthorn::simulator::http::number_of(codes, code);
}

constexpr auto known_faults =
    posthorn::simulator::http::faults_said("answer a request with status 400, Throttling.User",
                                           "answer a request with status 503, ServiceUnavailable",
                                           "add fields nobody knows to answers and receipts");

} // namespace posthorn::aliyun::simulator

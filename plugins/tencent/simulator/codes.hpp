// What Tencent says of a request and of a phone, in its words; and how it can misbehave. HTTP has 200 in
// any case.
#pragma once

#include "sdk/simulator/http/options.hpp"
#include "sdk/simulator/http/words.hpp"

#include <cstdint>
#include <string_view>

namespace posthorn::tencent::simulator {

constexpr posthorn::simulator::http::word codes[] = {
    // of a request as a whole
    {"RequestLimitExceeded", "Your current request times exceed the limit of the interface."},
    {"RequestLimitExceeded.UinLimitExceeded", "Your account's requests exceed the limit."},
    {"InternalError", "An internal error has occurred. Retry your request."},
    {"InternalError.OtherError", "other error"},
    {"InternalError.Timeout", "request timeout"},
    {"AuthFailure.InvalidAuthorization", "The request header `Authorization` is not valid."},
    {"AuthFailure.SecretIdNotFound",
     "The SecretId is not found, please ensure that it is correct."},
    {"AuthFailure.SignatureExpire",
     "The provided credentials are not valid: the timestamp is more than 5 minutes off."},
    {"AuthFailure.SignatureFailure",
     "The provided credentials could not be validated. Please check your signature is correct."},
    {"MissingParameter", "A required parameter is missing."},
    {"InvalidParameter", "A parameter is not valid."},
    {"InvalidAction", "The action is not valid or not found."},
    {"NoSuchVersion", "The version of the interface is not found."},
    {"MissingParameter.EmptyPhoneNumberSet", "empty phone number set"},
    {"LimitExceeded.PhoneNumberCountLimit", "phone number count limit"},
    {"UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId verify fail"},
    {"UnauthorizedOperation.RequestPermissionDeny", "request permission deny"},
    {"UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber",
     "contain domestic and international phone number"},
    // of a phone
    {"LimitExceeded.AppDailyLimit", "app daily limit"},
    {"LimitExceeded.DeliveryFrequencyLimit", "delivery frequency limit"},
    {"LimitExceeded.PhoneNumberDailyLimit", "phone number daily limit"},
    {"LimitExceeded.PhoneNumberOneHourLimit", "phone number one hour limit"},
    {"LimitExceeded.PhoneNumberThirtySecondLimit", "phone number thirty second limit"},
    {"LimitExceeded.PhoneNumberSameContentDailyLimit", "phone number same content daily limit"},
    {"FailedOperation.ContainSensitiveWord", "contain sensitive word"},
    {"FailedOperation.FailResolvePacket", "fail to resolve the packet"},
    {"FailedOperation.InsufficientBalanceInSmsPackage", "insufficient balance in sms package"},
    {"FailedOperation.MissingSignature", "missing signature"},
    {"FailedOperation.PhoneNumberInBlacklist", "phone number in blacklist"},
    {"FailedOperation.SignatureIncorrectOrUnapproved", "signature incorrect or unapproved"},
    {"FailedOperation.TemplateIncorrectOrUnapproved", "template incorrect or unapproved"},
    {"FailedOperation.TemplateUnapprovedOrNotExist", "template unapproved or not exist"},
    {"FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
     "request content does not match the template content"},
    {"InvalidParameterValue.IncorrectPhoneNumber", "incorrect phone number"},
    {"InvalidParameterValue.ContentLengthLimit", "content length limit"},
    {"InvalidParameterValue.TemplateParameterFormatError", "template parameter format error"},
    {"InvalidParameterValue.TemplateParameterLengthLimit", "template parameter length limit"},
};

/// 0: it is none of them.
constexpr std::uint32_t status_named(std::string_view code) {
    return posthorn::simulator::http::number_of(codes, code);
}

constexpr bool is_of_request(std::uint32_t status) {
    return status != 0 && status < status_named("LimitExceeded.AppDailyLimit");
}

constexpr auto known_faults = posthorn::simulator::http::faults_said(
    "answer a request with RequestLimitExceeded", "answer a request with InternalError.OtherError",
    "add fields nobody knows to answers and receipts");

} // namespace posthorn::tencent::simulator

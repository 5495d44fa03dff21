//! How to reach a client without doing harm.

use domain::{Address, Person, Phone, SafeContact};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Icon, Spoken, empty_state};

/// Phones with their rules, and addresses.
pub fn reach_card(person: &Person) -> AnyView {
    let nothing = person.phones.is_empty() && person.addresses.is_empty();
    view! {
        <section class="card reach" aria-labelledby="reach-title">
            <h2 id="reach-title">{words::client::how_to_reach()}</h2>
            {nothing.then(|| empty_state(words::client::no_phone_and_no_address()))}
            <ul class="reach__list">
                {person.phones.iter().map(phone_view).collect_view()}
                {person.addresses.iter().map(address_view).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// A phone number with the rule that says what may be done with it.
pub fn phone_view(phone: &Phone) -> AnyView {
    let number = match call_address(phone) {
        Some(href) => view! { <a class="reach__number" dir="ltr" href=href>{phone.number.clone()}</a> }.into_any(),
        None => view! { <span class="reach__number" dir="ltr">{phone.number.clone()}</span> }.into_any(),
    };
    let class = if phone.safe_contact == SafeContact::DoNotUse { "reach__item reach__item--forbidden" } else { "reach__item" };
    view! {
        <li class=class>
            {Icon::Phone.view()}
            <div>
                {number}
                <p class="reach__rule">
                    {phone.safe_contact.words()}
                    {phone.remark.clone().map(|remark| view! { <span>" · " <bdi>{remark}</bdi></span> })}
                </p>
            </div>
        </li>
    }
    .into_any()
}

/// The place as a `geo:` address (RFC 5870), which a phone opens in the map app that its owner chose.
fn map_address(address: &Address) -> String {
    ["geo:0,0?q=", &utf8_percent_encode(&address.text, NON_ALPHANUMERIC).to_string()].concat()
}

/// The link to call or to write a text, where the rule allows one.
fn call_address(phone: &Phone) -> Option<String> {
    let scheme = match phone.safe_contact {
        SafeContact::Anything | SafeContact::NoMessages => "tel:",
        SafeContact::TextOnly => "sms:",
        SafeContact::DoNotUse => return None,
    };
    let mut href = String::from(scheme);
    href.extend(phone.number.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+'));
    Some(href)
}

/// An address with the way to it. A map's maker learns what it is asked for: a confidential address is not handed to one.
pub fn address_view(address: &Address) -> AnyView {
    let way =
        (!address.confidential).then(|| view! { <a class="reach__way" href=map_address(address)>{words::visit::show_on_a_map()}</a> });
    view! {
        <li class="reach__item">
            {Icon::Home.view()}
            <div>
                <bdi class="reach__address">{address.text.clone()}</bdi>
                {way}
                {address.confidential.then(|| view! { <p class="reach__rule reach__rule--strict">{words::client::confidential_do_not_tell_anyone()}</p> })}
            </div>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_place_on_a_map() {
        let address = Address { text: "12 Alder Street, Apt 3B".to_owned(), confidential: false };
        assert_eq!(map_address(&address), "geo:0,0?q=12%20Alder%20Street%2C%20Apt%203B");
    }

    #[test]
    fn a_number_can_be_called_only_where_its_rule_allows_it() {
        let phone = |safe_contact| Phone { number: "+1 (555) 010-44".to_owned(), safe_contact, remark: None };
        assert_eq!(call_address(&phone(SafeContact::NoMessages)).as_deref(), Some("tel:+155501044"));
        assert_eq!(call_address(&phone(SafeContact::TextOnly)).as_deref(), Some("sms:+155501044"));
        assert_eq!(call_address(&phone(SafeContact::DoNotUse)), None);
    }
}

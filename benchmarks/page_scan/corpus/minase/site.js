/* 水瀬市 公式サイト 共通スクリプト v2.1 */
(function () {
  'use strict';
  var menu = document.getElementById('gnav');
  document.getElementById('menu-button').addEventListener('click', function () {
    menu.classList.toggle('is-open');
  });
  var size = window.localStorage.getItem('font-size') || 'm';
  document.documentElement.setAttribute('data-size', size);
  fetch('/emergency/status.json').then(function (r) { return r.json(); }).then(function (d) {
    if (d.level > 0) { document.getElementById('emergency').textContent = d.text; }
  });
})();
